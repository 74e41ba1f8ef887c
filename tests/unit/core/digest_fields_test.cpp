#include "core/digest_fields.hpp"

#include "core/encoding.hpp"

#include <doctest/doctest.h>

using namespace pofetch;
using namespace pofetch::core;

namespace {

const std::string sha256_text = base64_encode(std::string(32, 'a'));
const std::string sha512_text = base64_encode(std::string(64, 'b'));
const std::string md5_text = base64_encode(std::string(16, 'c'));
const std::string sha1_text = base64_encode(std::string(20, 'd'));

std::string seen(const http_response& head) {
  std::string text;
  for (const auto& d : announced_digests(head)) {
    CHECK(d.bytes.size() == digest_size(d.algorithm));
    text += std::string(to_string(d.algorithm)) + "@" + d.origin + " ";
  }
  return text;
}

http_response head_with(std::string name, std::string value) {
  http_response head;
  head.status = 200;
  head.fields = {{std::move(name), std::move(value)}};
  return head;
}

}  // namespace

TEST_CASE("digest_fields: what a response announces") {
  struct row {
    std::string name;
    std::string value;
    std::string expected;
  };
  const row rows[] = {
      {"Repr-Digest", "sha-256=:" + sha256_text + ":", "SHA-256@Repr-Digest "},
      {"repr-digest", " sha-256=:" + sha256_text + ": , sha-512=:" + sha512_text + ":;a=1",
       "SHA-256@Repr-Digest SHA-512@Repr-Digest "},
      {"Content-Digest", "sha-512=:" + sha512_text + ":", "SHA-512@Content-Digest "},
      {"Digest", "SHA-256=" + sha256_text + ",MD5=" + md5_text, "SHA-256@Digest MD5@Digest "},
      {"Digest", "sha=" + sha1_text, "SHA-1@Digest "},
      {"Content-MD5", " " + md5_text + " ", "MD5@Content-MD5 "},
      // Malformed or unknown entries are passed over, the rest counts.
      {"Repr-Digest", "sha-256=" + sha256_text, ""},
      {"Repr-Digest", "sha-256=:" + sha256_text, ""},
      {"Repr-Digest", "sha-256=:" + sha256_text + ":x", ""},
      {"Repr-Digest", "sha-256=::", ""},
      {"Repr-Digest", "sha-256=:", ""},
      {"Repr-Digest", "sha-256=", ""},
      {"Repr-Digest", "sha-256=:!!!!:", ""},
      {"Repr-Digest", "sha-256=:" + md5_text + ":", ""},
      {"Repr-Digest", "crc32c=:AAAAAA==:, sha-256=:" + sha256_text + ":", "SHA-256@Repr-Digest "},
      {"Repr-Digest", ",,,", ""},
      {"Digest", "unixsum=30637, SHA-256=" + sha256_text, "SHA-256@Digest "},
      {"Digest", "SHA-256", ""},
      {"Content-MD5", "", ""},
      {"Content-MD5", "d41d8cd98f00b204e9800998ecf8427e", ""},
      {"X-Digest", "sha-256=:" + sha256_text + ":", ""},
  };
  for (const auto& r : rows) {
    CAPTURE(r.value);
    CHECK(seen(head_with(r.name, r.value)) == r.expected);
  }
}

TEST_CASE("digest_fields: repeated fields are one list, equal digests count once") {
  http_response head = head_with("Repr-Digest", "sha-256=:" + sha256_text + ":");
  head.fields.push_back({"Repr-Digest", "sha-512=:" + sha512_text + ":"});
  head.fields.push_back({"Digest", "SHA-256=" + sha256_text});
  CHECK(seen(head) == "SHA-256@Repr-Digest SHA-512@Repr-Digest ");
}

TEST_CASE("digest_fields: a decoded body, none counts") {
  http_response head = head_with("Repr-Digest", "sha-256=:" + sha256_text + ":");
  head.decoded = true;
  CHECK(seen(head).empty());
}

TEST_CASE("digest_fields: a part, only digests of the whole count") {
  http_response head = head_with("Content-Digest", "sha-256=:" + sha256_text + ":");
  head.fields.push_back({"Content-MD5", md5_text});
  head.fields.push_back({"Repr-Digest", "sha-512=:" + sha512_text + ":"});
  head.status = 206;
  CHECK(seen(head) == "SHA-512@Repr-Digest ");
}

TEST_CASE("digest_fields: very many entries, bounded") {
  std::string value;
  for (int i = 0; i < 1000; ++i) value += "x=:AA==:,";
  CHECK(seen(head_with("Repr-Digest", value + "sha-256=:" + sha256_text + ":")).empty());
}

TEST_CASE("digest_fields: SHA-256 of a manifest") {
  const std::string hex = to_hex(std::string(32, '\xAB'));
  const auto digest = sha256_digest(" " + hex + " ", "manifest");
  REQUIRE(digest.has_value());
  CHECK(digest->bytes == std::string(32, '\xAB'));
  CHECK_FALSE(sha256_digest(hex.substr(1), "manifest").has_value());
  CHECK_FALSE(sha256_digest(hex + "00", "manifest").has_value());
  CHECK_FALSE(sha256_digest("", "manifest").has_value());
}

TEST_CASE("digest_fields: comparison, the message says both digests and where the one came from") {
  const announced_digest announced{digest_algorithm::md5, std::string(16, '\x01'), "Content-MD5"};
  CHECK(check_digest(announced, std::string(16, '\x01'), "PO 12, a.pdf").has_value());
  const auto bad = check_digest(announced, std::string(16, '\x02'), "PO 12, a.pdf");
  REQUIRE(bad.has_error());
  CHECK(bad.error().code == errc::digest_mismatch);
  CHECK(bad.error().message ==
        "PO 12, a.pdf: the MD5 of what came is 02020202020202020202020202020202, but Content-MD5 announces "
        "01010101010101010101010101010101.");
  CHECK(check_digest(announced, "", "x").has_error());
}
