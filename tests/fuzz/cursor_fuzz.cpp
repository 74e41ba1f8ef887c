// Any bytes as a cursor: what is accepted is a place that gives the same place again, only for the question
// that it was made for; and any place comes back from the cursor that is made of it.
#include "fuzz/fuzz_input.hpp"
#include "service/routes/cursor.hpp"

#include <string>

namespace {

using namespace pofetch;
const std::string question = "/v1/batches?state=failed";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  if (const auto place = service::read_cursor(bytes, question)) {
    fuzz::require(!place->empty());
    fuzz::require(service::read_cursor(service::make_cursor(*place, question), question) == place);
    fuzz::require(!service::read_cursor(bytes, question + "&label=x"));
  }
  if (bytes.empty()) return 0;
  const std::string made = service::make_cursor(bytes, question);
  fuzz::require(made.find_first_of("+/=&?# ") == std::string::npos);
  fuzz::require(service::read_cursor(made, question) == bytes);
  fuzz::require(!service::read_cursor(made, "another"));
  return 0;
}
