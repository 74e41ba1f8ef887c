#include "core/basic_auth.hpp"

#include <doctest/doctest.h>

namespace pofetch::core {

TEST_CASE("userinfo_of: what stands before the @ of an address") {
  CHECK(userinfo_of("https://user:pass@a.example/x@y") == "user:pass");
  CHECK(userinfo_of("https://a@b:p@a.example/") == "a@b:p");
  CHECK(userinfo_of(" https://user@a.example") == "user");
  CHECK(userinfo_of("https://a.example/x@y?z=@").empty());
  CHECK(userinfo_of("no address").empty());
}

TEST_CASE("basic_credentials: decoded, and nothing that Basic cannot carry") {
  CHECK(basic_credentials("user:p%40ss") == "dXNlcjpwQHNz");
  CHECK(basic_credentials("user") == "dXNlcjo=");
  CHECK_FALSE(basic_credentials("us%3Aer:pass"));
  CHECK_FALSE(basic_credentials("user:pa%0d%0ass"));
}

}  // namespace pofetch::core
