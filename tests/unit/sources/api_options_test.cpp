#include "sources/coupa_api/api_options.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace pofetch::sources {
TEST_CASE("api options: credentials that are missing or do not go together, in one sentence") {
  const struct {
    std::function<void(instance_options&)> change;
    const char* part;  ///< null: good
  } rows[] = {
      {[](auto&) {}, "POFETCH_API_KEY"},
      {[](auto& o) { o.client_id = "me"; }, "needs its secret"},
      {[](auto& o) { o.client_secret = "s"; }, "client_id is missing"},
      {[](auto& o) { o.client_id = "me", o.client_secret_file = "f", o.secret_command = "c"; }, "not both"},
      {[](auto& o) { o.client_id = "me", o.client_secret = "s", o.scope = " "; }, "scope"},
      {[](auto& o) { o.client_id = "me", o.client_secret = "s"; }, nullptr},
      {[](auto& o) { o.client_id = "me", o.client_secret_file = "f"; }, nullptr},
      {[](auto& o) { o.client_id = "me", o.secret_command = "c"; }, nullptr},
      {[](auto& o) { o.api_key = "k"; }, nullptr},
      {[](auto& o) { o.api_key = "k", o.client_secret = "s"; }, nullptr},
  };
  for (const auto& row : rows) {
    instance_options options;
    row.change(options);
    const auto checked = check_api_credentials(options);
    CHECK(checked.has_value() == (row.part == nullptr));
    if (!checked)
      CHECK_MESSAGE(checked.error().message.find(row.part) != std::string::npos, checked.error().message);
  }
}

}  // namespace pofetch::sources
