// Any bytes as a Content-Disposition field, and as the query of an address: a name that comes out is UTF-8
// without a path before it, and can be made safe; a plain name that is written as `filename*` comes back as
// it was.
#include "core/content_disposition.hpp"
#include "core/file_name.hpp"
#include "core/file_title.hpp"
#include "core/percent.hpp"
#include "core/unicode.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view value = fuzz::text_of(data, size);
  if (const auto in_query = core::name_in_query("https://a.example/b?" + std::string(value)))
    fuzz::require(!in_query->empty() && core::is_utf8(*in_query) &&
                  in_query->find_first_of("/\\") == std::string::npos);
  const auto name = core::filename_from(value);
  if (!name) return 0;
  fuzz::require(!name->empty() && core::is_utf8(*name));
  fuzz::require(name->find_first_of("/\\") == std::string::npos);
  const std::string safe = core::safe_file_name(*name, "file");
  const auto again = core::filename_from("attachment; filename*=UTF-8''" + core::encode_component(safe));
  fuzz::require(again && *again == safe);
  return 0;
}
