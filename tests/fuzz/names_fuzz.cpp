// Any bytes as file names, folder names, a cell of the PO column and a pattern: a name that is made safe is
// safe for every system, stays as it is, and passes the store's own check; names handed out in one folder
// never meet.
#include "core/file_name.hpp"
#include "core/glob.hpp"
#include "core/name_allocator.hpp"
#include "core/po_number.hpp"
#include "core/unicode.hpp"
#include "fuzz/fuzz_input.hpp"
#include "storage/safe_path.hpp"

#include <set>
#include <string>

namespace {

using namespace pofetch;
using fuzz::require;

void require_safe(const std::string& name) {
  require(!name.empty() && name.size() <= core::max_name_bytes && name != "." && name != "..");
  require(core::is_utf8(name) && core::nfc(name) == name);
  require(name.back() != '.' && name.back() != ' ' && name.front() != ' ');
  for (const char c : name)
    require(static_cast<unsigned char>(c) >= 0x20 &&
            std::string_view("/\\:*?\"<>|\x7f").find(c) == std::string_view::npos);
  require(storage::check_name(name).has_value());
}

void check_names(std::string_view text) {
  const std::string name = core::safe_file_name(text, "file");
  require_safe(name);
  require(core::safe_file_name(name, "file") == name);
  require(core::glob_match("*", name));
  const std::string folder = core::safe_folder_name(text);
  require_safe(folder);
  require(core::safe_folder_name(folder) == folder);
  const std::string path = folder + '/' + folder;
  const auto levels = storage::levels_of(path);
  require(levels && levels->size() == 2 && levels->front() == folder);
  for (const std::size_t number : {std::size_t{2}, std::size_t{123'456}})
    require_safe(core::numbered_name(name, number));
  for (const std::size_t most : {core::least_name_bytes, std::size_t{143}}) {
    const std::string cut = core::safe_file_name(name, "file", most);
    require_safe(cut);
    require(cut.size() <= most && core::safe_file_name(cut, "file", most) == cut);
    require(core::numbered_name(cut, 123'456, most).size() <= most);
    require(core::safe_folder_name(text, "unnamed", most).size() <= most);
  }
}

/// Every line is the wanted name of one attachment.
void check_allocator(std::string_view text) {
  core::name_allocator names;
  std::set<std::string> keys;
  for (int count = 0; count < 64 && !text.empty(); ++count) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string given = names.allocate(core::safe_file_name(line, "file"));
    require_safe(given);
    require(names.is_taken(given) && keys.insert(core::fold_case(given)).second);
  }
}

void check_levels(std::string_view text) {
  const auto levels = storage::levels_of(text);
  if (!levels) return;
  std::string joined;
  for (const std::string_view level : *levels) {
    require(storage::check_name(level).has_value());
    joined.append(joined.empty() ? "" : "/").append(level);
  }
  require(joined == text && !text.starts_with('/'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  check_names(text);
  check_allocator(text);
  check_levels(text);
  for (const char c : storage::shown(text)) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  for (const auto& order : core::parse_po_cell(text).orders) {
    require(!order.number.empty() && order.number.size() <= core::max_po_digits);
    require(order.number.find_first_not_of("0123456789") == std::string::npos);
  }
  if (const auto po = core::manifest_po(text)) require(core::manifest_po(*po) == po);
  const std::string utf8 = core::to_utf8(text);
  require(core::is_utf8(utf8) && core::nfc(core::nfc(utf8)) == core::nfc(utf8));
  (void)core::glob_match(text.substr(0, size / 2), text.substr(size / 2));
  return 0;
}
