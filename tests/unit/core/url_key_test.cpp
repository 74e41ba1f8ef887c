#include "core/mask_url.hpp"

#include <doctest/doctest.h>

#include <string>

using pofetch::core::url_key;

TEST_CASE("url_key: one attachment in two listings, one key") {
  struct row {
    std::string first;
    std::string second;
  };
  const row rows[] = {
      {"https://X.example:443/a/b.pdf?id=1", "https://x.example/a/b.pdf?id=1"},
      {"https://x/a#p", "https://x/a"},
      {"https://u:p@x/a", "https://x/a"},
      {"https://s3/b/k.pdf?X-Amz-Date=1&X-Amz-Expires=5&X-Amz-Signature=ab&X-Amz-Credential=c",
       "https://s3/b/k.pdf?X-Amz-Date=2&X-Amz-Expires=6&X-Amz-Signature=cd&X-Amz-Credential=d"},
      {"https://gs/b/k.pdf?X-Goog-Signature=ab&X-Goog-Date=1", "https://gs/b/k.pdf"},
      {"https://az/c/k.pdf?sv=1&se=2&sp=r&sig=abc", "https://az/c/k.pdf?sv=2&se=3&sp=r&sig=def"},
      {"https://cf/k.pdf?Expires=1&Signature=a&Key-Pair-Id=b",
       "https://cf/k.pdf?Expires=2&Signature=c&Key-Pair-Id=d"},
      {"https://x/a;jsessionid=1?id=2", "https://x/a;jsessionid=3?id=2"},
      {"https://x/a?access_token=1&id=2", "https://x/a?id=2&access_token=3"},
      {"https://x/a?_=111", "https://x/a?_=222"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.first);
    CHECK(url_key(r.first) == url_key(r.second));
  }
}

TEST_CASE("url_key: two attachments, two keys") {
  struct row {
    std::string first;
    std::string second;
  };
  const row rows[] = {
      {"https://x/a?id=1", "https://x/a?id=2"},
      {"https://x/a", "https://x/A"},
      {"https://x/a", "https://y/a"},
      {"https://x/a", "http://x/a"},
      {"https://x/a", "https://x:444/a"},
      {"https://x/dl?key=docs/a.pdf", "https://x/dl?key=docs/b.pdf"},
      {"https://x/dl?token=aaaa", "https://x/dl?token=bbbb"},
      {"https://x/f?se=1", "https://x/f?se=2"},
      {"https://x/dl?u=https%3A%2F%2Fy%2F%3Ftoken%3Da", "https://x/dl?u=https%3A%2F%2Fy%2F%3Ftoken%3Db"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.first);
    CHECK(url_key(r.first) != url_key(r.second));
  }
}

TEST_CASE("url_key: no secret stands in it") {
  for (const std::string url :
       {"https://u:TOPSECRET@x/a", "https://x/a?token=TOPSECRET", "https://x/?sig=TOPSECRET&code=TOPSECRET",
        "https://x/?next=https%3A%2F%2Fy%2F%3Ftoken%3DTOPSECRET", "ftp://u:TOPSECRET@x/a?key=TOPSECRET",
        "https://x/a;sid=TOPSECRET#token=TOPSECRET", "https://x/?eyJhbGciOiJIUzI1NiJTOPSECRET"}) {
    CAPTURE(url);
    CHECK(url_key(url).find("TOPSECRET") == std::string::npos);
  }
}

TEST_CASE("url_key: readable where there is nothing to hide") {
  CHECK(url_key("https://X.example/attachments/7/download?a=1&b=2") ==
        "https://x.example/attachments/7/download?a=1&b=2");
}
