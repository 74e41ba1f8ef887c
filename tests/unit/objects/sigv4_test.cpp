#include "objects/sigv4.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace pofetch;
using namespace pofetch::objects;

namespace {

using query_pairs = std::vector<std::pair<std::string, std::string>>;

// The examples of "Authenticating Requests (AWS Signature Version 4)" in the API reference of Amazon S3.
const access_keys example_keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr std::chrono::system_clock::time_point example_time{std::chrono::seconds{1'369'353'600}};

std::string signature(std::string_view method, std::string_view path, const query_pairs& query,
                      std::vector<http_field> fields, const std::string& body) {
  const std::string digest = sha256_hex(body);
  fields.push_back({"Host", "examplebucket.s3.amazonaws.com"});
  fields.push_back({"x-amz-content-sha256", digest});
  fields.push_back({"x-amz-date", amz_date(example_time)});
  const std::string all =
      authorization({method, path, query, fields, digest}, {"us-east-1", "s3", example_time}, example_keys);
  return all.substr(all.rfind('=') + 1);
}

}  // namespace

TEST_CASE("sigv4: the published examples") {
  CHECK(amz_date(example_time) == "20130524T000000Z");
  CHECK(signature("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}, "") ==
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  CHECK(signature("PUT", "/" + encode_path("test$file.text"), {},
                  {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                  "Welcome to Amazon S3.") ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  CHECK(signature("GET", "/", {{"lifecycle", ""}}, {}, "") ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}, "") ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("sigv4: paths are encoded once, with capitals, and slashes stay") {
  CHECK(encode_path("a/b c/d~e-f_g.h") == "a/b%20c/d~e-f_g.h");
  CHECK(encode_path("50%/\xc3\xa9+=&") == "50%25/%C3%A9%2B%3D%26");
}

TEST_CASE("sigv4: a query is sorted as it is sent, with %2F") {
  CHECK(canonical_query({{"prefix", "a/b c"}, {"list-type", "2"}, {"delimiter", "/"}}) ==
        "delimiter=%2F&list-type=2&prefix=a%2Fb%20c");
}

TEST_CASE("sigv4: fields are sorted by name, blanks within count once") {
  const std::vector<http_field> fields{{"x-amz-meta-b", " a   b "}, {"Host", "h"}, {"x-amz-meta-a-b", "1"}};
  const std::string text = canonical_request({"PUT", "/k", {}, fields, "d"});
  CHECK(text ==
        "PUT\n/k\n\nhost:h\nx-amz-meta-a-b:1\nx-amz-meta-b:a b\n\nhost;x-amz-meta-a-b;x-amz-meta-b\nd");
}
