#include "lists/xlsx/shared_strings.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "lists/record_reader.hpp"
#include "lists/xlsx/xml_events.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t end_size = sizeof(std::uint64_t);

/// The code unit that `_xHHHH_` at the beginning stands for.
std::optional<std::uint32_t> escaped_unit(std::string_view text) {
  constexpr std::size_t length = 7;
  if (text.size() < length || text[0] != '_' || text[1] != 'x' || text[length - 1] != '_')
    return std::nullopt;
  std::uint32_t unit = 0;
  for (const char digit : text.substr(2, 4)) {
    const int value = core::hex_value(digit);
    if (value < 0) return std::nullopt;
    unit = unit * 16 + static_cast<std::uint32_t>(value);
  }
  return unit;
}

}  // namespace

std::string unescape_sheet_text(std::string_view text) {
  if (text.find("_x") == std::string_view::npos) return std::string(text);
  std::string plain;
  while (!text.empty()) {
    if (const auto unit = escaped_unit(text)) {
      core::append_utf8(plain, *unit);
      text.remove_prefix(7);
    } else {
      plain.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return plain;
}

/// Takes the texts out of the part: runs of one item are joined, the reading aids of Japanese left out.
class shared_strings_parser final : public xml_handler {
 public:
  shared_strings_parser(shared_strings& into) : into_(into), events_(*this) {}

  result<void> read(byte_source& part, const std::string& name) {
    auto done = read_xml(part, events_, name);
    if (problem_) return *problem_;
    return done;
  }

  void element_started(std::string_view name, std::span<const xml_attribute> /*attributes*/) override {
    if (name == "si") text_.clear();
    if (name == "rPh") in_aid_ = true;
    in_text_ = name == "t" && !in_aid_;
  }
  void element_ended(std::string_view name) override {
    in_text_ = false;
    if (name == "rPh") in_aid_ = false;
    if (name != "si") return;
    auto added = into_.add(unescape_sheet_text(text_));
    if (!added) fail(added.error());
  }
  void text(std::string_view utf8) override {
    if (!in_text_) return;
    text_ += utf8;
    if (text_.size() > max_cell_size)
      fail(make_failure(errc::input, "One text of the workbook is longer than 1 MiB; that is no list."));
  }

 private:
  void fail(failure why) {
    if (!problem_) problem_ = std::move(why);
    events_.halt();
  }

  shared_strings& into_;
  xml_events events_;
  std::string text_;
  bool in_text_ = false;
  bool in_aid_ = false;
  std::optional<failure> problem_;
};

result<std::unique_ptr<shared_strings>> shared_strings::load(byte_source& part, const std::string& name) {
  auto texts = scratch_file::make();
  if (!texts) return texts.error();
  auto ends = scratch_file::make();
  if (!ends) return ends.error();
  std::unique_ptr<shared_strings> made(new shared_strings(std::move(*texts), std::move(*ends)));
  shared_strings_parser parser(*made);
  auto done = parser.read(part, name);
  if (!done) return done.error();
  return made;
}

result<void> shared_strings::add(std::string_view text) {
  auto added = texts_->append(text);
  if (!added) return added;
  const std::uint64_t end = texts_->size();
  std::array<char, end_size> bytes{};
  std::memcpy(bytes.data(), &end, end_size);
  ++count_;
  return ends_->append(std::string_view(bytes.data(), end_size));
}

result<std::uint64_t> shared_strings::end_of(std::uint64_t number) {
  auto bytes = ends_->read(number * end_size, end_size);
  if (!bytes) return bytes.error();
  std::uint64_t end = 0;
  std::memcpy(&end, bytes->data(), end_size);
  return end;
}

result<std::optional<std::string>> shared_strings::find(std::uint64_t number) {
  if (number >= count_) return std::optional<std::string>();
  std::uint64_t begin = 0;
  if (number > 0) {
    auto before = end_of(number - 1);
    if (!before) return before.error();
    begin = *before;
  }
  auto end = end_of(number);
  if (!end) return end.error();
  auto text = texts_->read(begin, static_cast<std::size_t>(*end - begin));
  if (!text) return text.error();
  return std::optional<std::string>(std::move(*text));
}

}  // namespace pofetch::lists
