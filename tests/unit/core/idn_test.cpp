#include "core/idn.hpp"

#include "core/url.hpp"

#include <doctest/doctest.h>

namespace pofetch::core {

TEST_CASE("ascii_host: letters outside of ASCII by UTS 46, the rest in lower case") {
  const struct {
    const char* what;
    const char* host;
    const char* ascii;
  } rows[] = {
      {"plain", "Acme.coupahost.com", "acme.coupahost.com"},
      {"an umlaut", "m\xC3\xBCller.example", "xn--mller-kva.example"},
      {"in upper case", "M\xC3\x9CLLER.example", "xn--mller-kva.example"},
      {"in two parts", "mu\xCC\x88ller.example", "xn--mller-kva.example"},
      {"sharp s stays itself",
       "stra\xC3\x9F"
       "e.example",
       "xn--strae-oqa.example"},
      {"Japanese, with a full stop of its own", "\xE8\xA6\x8B\xE7\xA9\x8D\xE3\x80\x82jp", "xn--5pz252a.jp"},
      {"full-width letters", "\xEF\xBC\xA1.example", "a.example"},
      {"as it is asked for already", "xn--mller-kva.example", "xn--mller-kva.example"},
      {"with an underscore", "a_b.example", "a_b.example"},
      {"not UTF-8", "m\xFCller.example", ""},
      {"nothing", "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(ascii_host(row.host) == row.ascii);
  }
  std::string endless;
  for (int i = 0; i < 2000; ++i) endless += "\xC3\xBC";
  CHECK(ascii_host(endless).empty());
}

TEST_CASE("resolve: hosts with letters outside of ASCII, in addresses however they are written") {
  for (const char* url : {"https://m\xC3\xBCller.example/x", "https://m%C3%BCller.example/x",
                          "https://M\xC3\x9CLLER.example:443/x", "//m\xC3\xBCller.example/x"}) {
    CAPTURE(url);
    const auto whole = resolve("https://acme.example/", url);
    REQUIRE(whole.has_value());
    CHECK(*whole == "https://xn--mller-kva.example/x");
  }
  CHECK(same_origin("https://m\xC3\xBCller.example", "https://xn--mller-kva.example/"));
  CHECK_FALSE(resolve("https://acme.example/", "https://m\xFCller.example/x").has_value());
}

}  // namespace pofetch::core
