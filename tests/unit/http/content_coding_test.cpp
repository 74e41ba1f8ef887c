#include "http/content_coding.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::http {
namespace {

std::string told(const std::vector<http_field>& fields) {
  const auto found = coding_of(fields);
  if (!found) return code_word(found.error());
  const std::string how = found->how == content_coding::gzip      ? "gzip"
                          : found->how == content_coding::deflate ? "deflate"
                                                                  : "identity";
  return found->no_codings.empty() ? how : how + ", not " + found->no_codings;
}

TEST_CASE("content coding: what the fields of an answer say") {
  struct row {
    std::string value;
    std::string expected;
  };
  const std::vector<row> rows{
      {"", "identity"},
      {" ", "identity"},
      {",", "identity"},
      {"Identity", "identity"},
      {"identity, identity", "identity"},
      {" GZIP ", "gzip"},
      {"x-gzip", "gzip"},
      {"deflate", "deflate"},
      {"gzip, identity", "gzip"},
      {",gzip,", "gzip"},
      // No codings
      {"aws-chunked", "identity, not aws-chunked"},
      {"AWS-Chunked", "identity, not AWS-Chunked"},
      {"utf-8", "identity, not utf-8"},
      {"UTF8", "identity, not UTF8"},
      {"iso-8859-1", "identity, not iso-8859-1"},
      {"binary", "identity, not binary"},
      {"8bit", "identity, not 8bit"},
      {"base64", "identity, not base64"},
      {"none", "identity, not none"},
      {"None, none", "identity, not None, none"},
      {"null", "identity, not null"},
      {"chunked", "identity, not chunked"},
      {"application/pdf", "identity, not application/pdf"},
      {"aws-chunked,gzip", "gzip, not aws-chunked"},
      {"gzip, aws-chunked", "gzip, not aws-chunked"},
      {"utf-8, deflate, binary", "deflate, not utf-8, binary"},
      {"\"gzip\"", "identity, not ?gzip?"},
      {"a\x01\xFF", "identity, not a??"},
      // Codings that are none of ours
      {"br", "unsupported"},
      {"BR", "unsupported"},
      {"brotli", "unsupported"},
      {"zstd", "unsupported"},
      {"compress", "unsupported"},
      {"x-compress", "unsupported"},
      {"dcb", "unsupported"},
      {"gzip, br", "unsupported"},
      {"aws-chunked, zstd", "unsupported"},
      {"gzip, gzip", "unsupported"},
      {"deflate, gzip", "unsupported"},
  };
  for (const row& r : rows) {
    CAPTURE(r.value);
    CHECK(told({{"Content-Type", "gzip"}, {"content-encoding", r.value}}) == r.expected);
  }
  CHECK(told({}) == "identity");
  CHECK(told({{"Content-Encoding", "aws-chunked"}, {"Content-Encoding", "gzip"}}) == "gzip, not aws-chunked");
  CHECK(told({{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}}) == "unsupported");
  CHECK(told({{"Content-Encoding", std::string(5000, 'x')}}) == "identity, not " + std::string(40, 'x'));
}

}  // namespace
}  // namespace pofetch::http
