#include "core/mask_url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;

TEST_CASE("mask_url: secrets go, the rest stays") {
  struct row {
    std::string url;
    std::string expected;
  };
  const row rows[] = {
      {"https://x.example/a/b.pdf?id=7&v=2#p=1", "https://x.example/a/b.pdf?id=7&v=2#p=1"},
      {"", ""},
      {"no url at all", "no url at all"},
      // Userinfo
      {"https://user:pw@x.example/a", "https://x.example/a"},
      {"https://user@x.example:8443/a", "https://x.example:8443/a"},
      {"https://u:p@w@x.example/", "https://x.example/"},
      {"https://u:p/w@x.example/a", "https://x.example/a"},
      {"https://u:pw", "https://u"},
      {"//u:p@x.example/a", "//x.example/a"},
      {"u:p@x.example/a", "x.example/a"},
      {"https:/u:p@x.example/a", "x.example/a"},
      {"https://[::1]:8443/a", "https://[::1]:8443/a"},
      {"https://x.example/a@b:c", "https://x.example/a@b:c"},
      // Query
      {"https://x/?token=abc", "https://x/?token=***"},
      {"https://x/?a=1&ACCESS_TOKEN=abc&b=2", "https://x/?a=1&ACCESS_TOKEN=***&b=2"},
      {"https://x/?sv=2020&sig=a%2Bb&se=1", "https://x/?sv=2020&sig=***&se=1"},
      {"https://x/?X-Amz-Signature=ff&X-Amz-Credential=AK%2F1&X-Amz-Date=1&X-Amz-Security-Token=t",
       "https://x/?X-Amz-Signature=***&X-Amz-Credential=***&X-Amz-Date=1&X-Amz-Security-Token=***"},
      {"https://x/?X-Goog-Signature=ff", "https://x/?X-Goog-Signature=***"},
      {"https://x/?code=1&state=2&session_id=3", "https://x/?code=***&state=***&session_id=***"},
      {"https://x/?api_key=1&key=2&Key-Pair-Id=3&Policy=4",
       "https://x/?api_key=***&key=***&Key-Pair-Id=***&Policy=***"},
      {"https://x/?password=a;pwd=b", "https://x/?password=***;pwd=***"},
      {"https://x/?%74oken=abc", "https://x/?%74oken=***"},
      {"https://x/?token=", "https://x/?token="},
      {"https://x/?token", "https://x/?token"},
      {"https://x/?token==x", "https://x/?token=***"},
      {"https://x/?author=Ann&authors=2&authorization=z&auth=y",
       "https://x/?author=Ann&authors=2&authorization=***&auth=***"},
      {"https://x/?page=2&filename=a.pdf&size=3", "https://x/?page=2&filename=a.pdf&size=3"},
      {"https://x/?d=eyJhbGciOiJIUzI1NiJ9.e30.abc", "https://x/?d=***"},
      {"https://x/?eyJhbGciOiJIUzI1NiJ9.e30.abc", "https://x/?***"},
      // Within a value
      {"https://x/?next=https%3A%2F%2Fy%2F%3Ftoken%3Dabc", "https://x/?next=***"},
      {"https://x/?next=https%3A%2F%2Fu%3Ap%40y%2F", "https://x/?next=***"},
      {"https://x/?next=https%253A%252F%252Fy%252F%253Fsig%253Dabc", "https://x/?next=***"},
      {"https://x/?ctx=token%3Dabc", "https://x/?ctx=***"},
      {"https://x/?next=%2Forders%3Fpage%3D2", "https://x/?next=%2Forders%3Fpage%3D2"},
      // Fragment and path parameters
      {"https://x/#access_token=abc&expires_in=1", "https://x/#access_token=***&expires_in=1"},
      {"https://x/a;jsessionid=abc/b?c=1", "https://x/a;jsessionid=***/b?c=1"},
      {"https://x/a;v=1/b", "https://x/a;v=1/b"},
      // Not a URL
      {"/download?token=abc", "/download?token=***"},
      {"http://?token=abc", "http://?token=***"},
      {"https://x/a\r\nb\x7f", "https://x/a%0D%0Ab%7F"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.url);
    CHECK(mask_url(r.url) == r.expected);
    CHECK(mask_url(mask_url(r.url)) == r.expected);
  }
}

TEST_CASE("mask_url: hostile nesting, quick") {
  std::string nested = "secret=1";
  for (int i = 0; i < 12; ++i) {
    std::string encoded;
    for (const char c : nested)
      encoded += c == '%' ? std::string("%25") : c == '=' ? std::string("%3D") : std::string(1, c);
    nested = "a=" + encoded;
  }
  CHECK(mask_url("https://x/?" + nested).find("secret") == std::string::npos);
  std::string many = "https://x/?";
  for (int i = 0; i < 20'000; ++i) many += "a%3D=b%3D&";
  CHECK(mask_url(many) == many);
}

TEST_CASE("mask_url: names of secrets") {
  for (const auto* name :
       {"token", "csrf-token", "Signature", "sig", "KEY", "apikey", "X-COUPA-API-KEY", "client_secret",
        "Password", "senha", "Set-Cookie", "OAuth", "sid", "subscription-key", "AWSAccessKeyId"}) {
    CAPTURE(name);
    CHECK(is_secret_name(name));
  }
  for (const auto* name :
       {"", "id", "filename", "design", "author", "size", "page", "keyboard", "signal", "encode"}) {
    CAPTURE(name);
    CHECK_FALSE(is_secret_name(name));
  }
}
