// Any bytes as the JSON of a new batch, of a change, of a retry, and as the query beside a list: what is
// accepted can be used, and what is refused says where and why, in UTF-8 that is JSON again.
#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "fuzz/fuzz_input.hpp"
#include "service/batches/batch_request.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace {

using namespace pofetch;
using service::problem;

bool is_plain(const std::string& text) {
  return core::is_utf8(text) && std::none_of(text.begin(), text.end(), core::is_control);
}

void check_refusal(const problem& why) {
  fuzz::require(service::kind_of_problem(why.slug).slug == why.slug);
  fuzz::require(service::kind_of_problem(why.slug).status < 500);
  fuzz::require(!why.detail.empty());
  boost::system::error_code bad;
  const std::string text = service::problem_json(why, "id");
  const auto whole = boost::json::parse(text, bad);
  fuzz::require(!bad && whole.is_object());
}

void check_request(const service::read_request& read) {
  if (read.refused) return check_refusal(*read.refused);
  fuzz::require(is_plain(read.request.name));
  fuzz::require(read.request.labels.size() <= 16);
  for (const std::string& each : read.request.labels) fuzz::require(is_plain(each));
  // What has been accepted goes into the engine without a word.
  batch_options into;
  std::vector<service::member_error> wrong;
  service::apply_options(read.request.options, into, "", wrong);
  fuzz::require(wrong.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto read = service::request_of_json(bytes);
  check_request(read);
  if (!read.refused) fuzz::require(!read.request.list.empty());
  service::batch_record record;
  record.name = "before";
  if (const auto refused = service::patch_record(bytes, record)) {
    check_refusal(*refused);
    fuzz::require(record.name == "before" && record.options.empty());
  }
  boost::json::object members;
  if (const auto refused = service::read_small_body(bytes, "RetryRequest", members)) check_refusal(*refused);
  if (const auto target = service::read_target("/?" + std::string(bytes)))
    check_request(service::request_of_query(target->query));
  return 0;
}
