#include "lists/xlsx/sheet_links.hpp"

#include "lists/xlsx/sheet_reader.hpp"
#include "lists/xlsx/workbook.hpp"
#include "lists/xlsx/xml_events.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace pofetch::lists {
namespace {

/// More than any spreadsheet program keeps; cells beyond it are reported as they would be without a link.
constexpr std::size_t most_links = 1U << 18;

/// The addresses outside of the workbook that a sheet is related to, by their ids.
class addresses_reader final : public xml_handler {
 public:
  void element_started(std::string_view name, std::span<const xml_attribute> attributes) override {
    if (name != "Relationship" || value_of(attributes, "TargetMode") != "External") return;
    const std::string_view target = value_of(attributes, "Target");
    bytes += target.size();
    if (bytes > max_link_bytes) return events.halt();
    if (value_of(attributes, "Type").ends_with("/hyperlink"))
      found.emplace(value_of(attributes, "Id"), target);
  }
  void element_ended(std::string_view /*name*/) override {}
  void text(std::string_view /*utf8*/) override {}

  xml_events events{*this};
  std::map<std::string, std::string, std::less<>> found;
  std::size_t bytes = 0;
};

/// The links of one column, behind the rows of the sheet.
class links_reader final : public xml_handler {
 public:
  explicit links_reader(std::size_t column) : column_(column) {}

  void element_started(std::string_view name, std::span<const xml_attribute> attributes) override {
    if (name != "hyperlink" || found.size() >= most_links) return;
    const auto cells = range_of(value_of(attributes, "ref"));
    const std::string_view id = value_of(attributes, "id");
    if (!id.empty() && cells && cells->first_column <= column_ && column_ <= cells->last_column)
      found.emplace_back(*cells, id);
  }
  void element_ended(std::string_view name) override {
    if (name == "hyperlinks") events.halt();
  }
  void text(std::string_view /*utf8*/) override {}

  xml_events events{*this};
  std::vector<std::pair<cell_range, std::string>> found;

 private:
  std::size_t column_;
};

/// Reads one part of the archive.
template <class Reader>
result<void> read_links_part(const zip_archive& archive, const std::string& part, Reader& into,
                             const std::string& name) {
  auto opened = archive.open_part(part);
  if (!opened) return opened.error();
  return read_xml(**opened, into.events, name);
}

}  // namespace

result<sheet_links> sheet_links::read(const zip_archive& archive, const std::string& part, std::size_t column,
                                      const std::string& name) {
  sheet_links made;
  if (!archive.has(relations_of(part))) return made;
  addresses_reader addresses;
  auto done = read_links_part(archive, relations_of(part), addresses, name);
  if (!done) return done.error();
  if (addresses.bytes > max_link_bytes)
    return make_failure(errc::input, name + " holds far too many links; that is no list.");
  if (addresses.found.empty()) return made;
  links_reader links(column);
  done = read_links_part(archive, part, links, name);
  if (!done) return done.error();
  std::map<std::string, std::size_t, std::less<>> places;
  for (auto& [id, target] : addresses.found) {
    places.emplace(id, made.targets_.size());
    made.targets_.push_back(std::move(target));
  }
  for (const auto& [cells, id] : links.found) {
    const auto place = places.find(id);
    if (place != places.end()) made.links_.push_back({cells.first_row, cells.last_row, place->second});
  }
  std::stable_sort(made.links_.begin(), made.links_.end(),
                   [](const link& a, const link& b) { return a.first_row < b.first_row; });
  return made;
}

const std::string* sheet_links::of_row(std::int64_t row) const {
  const auto behind =
      std::upper_bound(links_.begin(), links_.end(), row,
                       [](std::int64_t wanted, const link& one) { return wanted < one.first_row; });
  if (behind == links_.begin()) return nullptr;
  const link& before = *(behind - 1);
  return row <= before.last_row ? &targets_[before.target] : nullptr;
}

}  // namespace pofetch::lists
