#include "core/mask_url.hpp"

#include <doctest/doctest.h>

#include <string>

using pofetch::core::mask_secrets_in_text;

TEST_CASE("mask_text: URLs and credentials within a line") {
  struct row {
    std::string text;
    std::string expected;
  };
  const row rows[] = {
      {"nothing here", "nothing here"},
      {"GET https://u:p@x/a?token=abc&b=1: 404", "GET https://x/a?token=***&b=1: 404"},
      {"(see https://x/?sig=abc).", "(see https://x/?sig=***)."},
      {"<a href=\"HTTPS://x/?key=abc\">", "<a href=\"HTTPS://x/?key=***\">"},
      {"http://a/?token=1 http://b/?token=2", "http://a/?token=*** http://b/?token=***"},
      {"https://", "https://"},
      {"'ftp://u:p@x/a?sig=abc' and SFTP://u:p@x", "'ftp://x/a?sig=***' and SFTP://x"},
      {"://u:p@x, a ://, s3+v4.x-y://k:s@b", "://u:p@x, a ://, s3+v4.x-y://b"},
      {"Authorization: Bearer abc123def456", "Authorization: ***"},
      {"authorization: Basic dXNlcjpwYXNz\r\nHost: x", "authorization: ***\r\nHost: x"},
      {"Cookie: _coupa_session=abc; theme=dark", "Cookie: ***"},
      {"X-COUPA-API-KEY: 0a1b2c", "X-COUPA-API-KEY: ***"},
      {"sent Bearer abc123def456 twice", "sent Bearer *** twice"},
      {"a bearer token is needed", "a bearer token is needed"},
      {"client_secret=s3cret&scope=a", "client_secret=***&scope=a"},
      {"{\"access_token\":\"abc\",\"expires_in\":1}", "{\"access_token\":\"***\",\"expires_in\":1}"},
      {"{\"password\" : \"a \\u0022b\"}", "{\"password\" : \"***\"}"},
      {"code: http_404, state: open", "code: http_404, state: open"},
      {"password=", "password="},
      {"token", "token"},
      {"https://h/oauth2/token: the body ended", "https://h/oauth2/token: the body ended"},
      {"https://h/oauth2/token: a1b2c3d4e5", "https://h/oauth2/token: ***"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(mask_secrets_in_text(r.text) == r.expected);
    CHECK(mask_secrets_in_text(mask_secrets_in_text(r.text)) == r.expected);
  }
}
