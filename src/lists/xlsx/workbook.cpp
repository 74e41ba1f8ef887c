#include "lists/xlsx/workbook.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"
#include "core/unicode.hpp"
#include "lists/show.hpp"
#include "lists/xlsx/sheet_value.hpp"
#include "lists/xlsx/xml_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t most_sheets = 4096;
constexpr std::size_t most_styles = 65'536;

struct relation {
  std::string type;  ///< last part of its address: worksheet, sharedStrings, styles
  std::string part;
};
using relations = std::map<std::string, relation, std::less<>>;

std::string folder_of(const std::string& part) { return part.substr(0, part.rfind('/') + 1); }

/// Where a relation leads, seen from the folder of its part. Some programs write `\` for `/`.
std::string resolved(std::string folder, std::string target) {
  std::replace(target.begin(), target.end(), '\\', '/');
  std::string_view rest = target;
  if (rest.starts_with('/')) return std::string(rest.substr(1));
  while (rest.starts_with("../") || rest.starts_with("./")) {
    if (rest.starts_with("../") && !folder.empty()) folder = folder_of(folder.substr(0, folder.size() - 1));
    rest.remove_prefix(rest.find('/') + 1);
  }
  return folder + std::string(rest);
}

/// A handler that only looks at how elements begin.
class starts_only : public xml_handler {
 public:
  void element_ended(std::string_view /*name*/) override {}
  void text(std::string_view /*utf8*/) override {}
};

class relations_reader final : public starts_only {
 public:
  relations_reader(relations& into, std::string folder) : into_(into), folder_(std::move(folder)) {}
  void element_started(std::string_view name, std::span<const xml_attribute> attributes) override {
    if (name != "Relationship" || into_.size() >= most_sheets) return;
    if (value_of(attributes, "TargetMode") == "External") return;
    const std::string_view type = value_of(attributes, "Type");
    into_[std::string(value_of(attributes, "Id"))] = {
        std::string(type.substr(type.rfind('/') + 1)),
        resolved(folder_, std::string(value_of(attributes, "Target")))};
  }

 private:
  relations& into_;
  std::string folder_;
};

/// The workbook's own part: the tabs and the calendar.
class tabs_reader final : public starts_only {
 public:
  tabs_reader(workbook& into, const relations& related) : into_(into), related_(related) {}
  void element_started(std::string_view name, std::span<const xml_attribute> attributes) override {
    if (name == "workbookPr") {
      const std::string_view value = value_of(attributes, "date1904");
      into_.from_1904 = value == "1" || value == "true";
    }
    if (name != "sheet" || into_.sheets.size() >= most_sheets) return;
    // Tabs may also be charts or dialogs; these have no rows.
    const auto place = related_.find(value_of(attributes, "id"));
    if (place == related_.end() || place->second.type != "worksheet") return;
    const std::string_view state = value_of(attributes, "state");
    into_.sheets.push_back({std::string(value_of(attributes, "name")), place->second.part,
                            state == "hidden" || state == "veryHidden"});
  }

 private:
  workbook& into_;
  const relations& related_;
};

class styles_reader final : public xml_handler {
 public:
  explicit styles_reader(workbook& into) : into_(into) {}
  void element_started(std::string_view name, std::span<const xml_attribute> attributes) override {
    if (name == "cellXfs") in_cell_styles_ = true;
    const auto number = core::parse_unsigned(value_of(attributes, "numFmtId")).value_or(0);
    if (name == "numFmt" && own_.size() < most_styles)
      own_[number] = is_date_format(value_of(attributes, "formatCode"));
    if (name == "xf" && in_cell_styles_ && into_.date_styles.size() < most_styles) {
      const auto own = own_.find(number);
      const bool built_in = number < most_styles && is_date_format(static_cast<std::uint32_t>(number));
      into_.date_styles.push_back(own == own_.end() ? built_in : own->second);
    }
  }
  void element_ended(std::string_view name) override {
    if (name == "cellXfs") in_cell_styles_ = false;
  }
  void text(std::string_view /*utf8*/) override {}

 private:
  workbook& into_;
  std::map<std::uint64_t, bool> own_;
  bool in_cell_styles_ = false;
};

result<void> read_part(const zip_archive& archive, const std::string& part, xml_handler& into,
                       const std::string& name) {
  auto opened = archive.open_part(part);
  if (!opened) return opened.error();
  xml_events events(into);
  return read_xml(**opened, events, name);
}

result<relations> read_relations(const zip_archive& archive, const std::string& part,
                                 const std::string& name) {
  relations found;
  const std::string where = relations_of(part);
  if (!archive.has(where)) return found;
  relations_reader reader(found, folder_of(part));
  auto done = read_part(archive, where, reader, name);
  if (!done) return done.error();
  return found;
}

/// The archive is no XLSX: what is it?
failure no_workbook(const zip_archive& archive, const std::string& name) {
  std::string what = "is a ZIP archive, but no workbook; give the sheet that is in it";
  if (archive.has("mimetype") && archive.has("content.xml"))
    what = "is an OpenDocument file; save the sheet as Excel workbook (.xlsx) or as CSV (UTF-8)";
  if (archive.has("xl/workbook.bin"))
    what = "is a binary Excel workbook (.xlsb); save the sheet as Excel workbook (.xlsx) or as CSV (UTF-8)";
  if (archive.has("word/document.xml")) what = "is a Word document; give a sheet (.xlsx or CSV)";
  if (archive.has("Index/Document.iwa")) what = "is a Numbers document; export it as Excel workbook (.xlsx)";
  return make_failure(errc::input, name + " " + what + ".");
}

const relation* find_type(const relations& all, std::string_view type) {
  const auto found =
      std::find_if(all.begin(), all.end(), [type](const auto& one) { return one.second.type == type; });
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

std::string relations_of(const std::string& part) {
  const std::string folder = folder_of(part);
  return folder + "_rels/" + part.substr(folder.size()) + ".rels";
}

std::string sheet_names(const workbook& book, std::string_view but) {
  constexpr std::size_t most = 40;
  std::string names;
  std::size_t shown = 0;
  for (const sheet_place& one : book.sheets) {
    if (one.name == but && !but.empty()) continue;
    if (shown++ == most) return names + ", ...";
    names += (shown > 1 ? ", " : "") + show(one.name);
  }
  return names;
}

result<workbook> read_workbook(const zip_archive& archive, const std::string& name) {
  auto top = read_relations(archive, "", name);
  if (!top) return top.error();
  const relation* document = find_type(*top, "officeDocument");
  const std::string part = document == nullptr ? "xl/workbook.xml" : document->part;
  if (!archive.has(part) || part.ends_with(".bin") || part.starts_with("word/"))
    return no_workbook(archive, name);
  auto related = read_relations(archive, part, name);
  if (!related) return related.error();
  workbook book;
  tabs_reader tabs(book, *related);
  auto done = read_part(archive, part, tabs, name);
  if (!done) return done.error();
  if (book.sheets.empty())
    return make_failure(errc::input,
                        name + " has no sheet with rows; expected a sheet with purchase orders.");
  const relation* strings = find_type(*related, "sharedStrings");
  if (strings != nullptr) book.strings_part = strings->part;
  const relation* styles = find_type(*related, "styles");
  if (styles == nullptr || !archive.has(styles->part)) return book;
  styles_reader reader(book);
  done = read_part(archive, styles->part, reader, name);
  if (!done) return done.error();
  return book;
}

result<sheet_place> choose_sheet(const workbook& book, const std::string& wanted, const std::string& name) {
  const auto& sheets = book.sheets;
  if (wanted.empty()) {
    const auto first =
        std::find_if(sheets.begin(), sheets.end(), [](const auto& one) { return !one.hidden; });
    return first == sheets.end() ? sheets.front() : *first;
  }
  for (const sheet_place& one : sheets) {
    if (one.name == wanted) return one;
  }
  const std::string key = core::fold_case(core::trim(wanted));
  for (const sheet_place& one : sheets) {
    if (core::fold_case(core::trim(one.name)) == key) return one;
  }
  const auto number = core::parse_unsigned(wanted);
  if (number && *number >= 1 && *number <= sheets.size())
    return sheets[static_cast<std::size_t>(*number - 1)];
  return make_failure(errc::input,
                      core::sentence("@sheet asks for {}, which {} does not have; its sheets are {}.",
                                     show(wanted), name, sheet_names(book)));
}

}  // namespace pofetch::lists
