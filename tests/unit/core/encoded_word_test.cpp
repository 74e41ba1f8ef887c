#include "core/encoded_word.hpp"

#include <doctest/doctest.h>

using namespace pofetch::core;

TEST_CASE("encoded_word: RFC 2047") {
  struct row {
    std::string text;
    std::string expected;
  };
  const row rows[] = {
      {"plain.pdf", "plain.pdf"},
      {"=?utf-8?B?w6k=?=", "é"},
      {"=?UTF-8?b?w6k?=.pdf", "é.pdf"},
      {"=?iso-8859-1?q?a=E9_b?=", "aé b"},
      {"=?us-ascii*en?Q?x?=", "x"},
      {"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
      {"=?ISO-8859-1?Q?a?= b", "a b"},
      {"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"},
      {"=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=", "aé"},
      {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
      {"=?utf-8?B?***?=", "=?utf-8?B?***?="},
      {"=?utf-8?Q?=G1?=", "=?utf-8?Q?=G1?="},
      {"=?utf-8?Q?=C?=", "=?utf-8?Q?=C?="},
      {"=?", "=?"},
      {"=?utf-8?Q?open", "=?utf-8?Q?open"},
      {"a =?= b", "a =?= b"},
      {"=?x-unknown?Q?caf=E9?=", "café"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(decode_encoded_words(r.text) == r.expected);
  }
}

TEST_CASE("encoded_word: charsets") {
  CHECK(decode_charset("Latin1", "\xE9\x80") == "é€");
  CHECK(decode_charset("UTF-8", "é") == "é");
  CHECK(decode_charset("utf-8", "\xE9") == "é");
  CHECK(decode_charset("", "a") == "a");
}
