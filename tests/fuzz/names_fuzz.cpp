// Any bytes as a file name, a folder name and a cell of the PO column.
#include "core/file_name.hpp"
#include "core/po_number.hpp"
#include "core/unicode.hpp"
#include "fuzz/fuzz_input.hpp"

namespace {

void require_safe(const std::string& name) {
  using pofetch::fuzz::require;
  require(!name.empty() && name.size() <= 255 && name != "." && name != "..");
  require(pofetch::core::is_utf8(name));
  require(name.back() != '.' && name.back() != ' ');
  for (const char c : name)
    require(static_cast<unsigned char>(c) >= 0x20 &&
            std::string_view("/\\:*?\"<>|\x7f").find(c) == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view text = fuzz::text_of(data, size);
  const std::string name = core::safe_file_name(text, "file");
  require_safe(name);
  fuzz::require(core::safe_file_name(name, "file") == name);
  require_safe(core::safe_folder_name(text));
  require_safe(core::numbered_name(name, 12));
  for (const auto& order : core::parse_po_cell(text).orders)
    fuzz::require(!order.number.empty() && order.number.find_first_not_of("0123456789") == std::string::npos);
  return 0;
}
