#include "lists/text/text_decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace pofetch;
using namespace pofetch::lists;
using namespace std::string_view_literals;

namespace {

std::string decode_in_pieces(std::string_view bytes, text_encoding encoding, std::size_t piece) {
  text_decoder decoder(encoding);
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += piece) decoder.decode(bytes.substr(at, piece), text);
  decoder.finish(text);
  return text;
}

struct decoding {
  const char* name;
  std::string_view bytes;
  text_encoding encoding;
  std::string_view text;
};

const decoding decodings[] = {
    {"ASCII", "PO1\r\nPO2"sv, text_encoding::utf8, "PO1\r\nPO2"sv},
    {"UTF-8", "\xC3\xA7\xE2\x82\xAC\xF0\x9F\x98\x80"sv, text_encoding::utf8, "ç€😀"sv},
    {"UTF-8 with mark", "\xEF\xBB\xBFPO"sv, text_encoding::utf8, "PO"sv},
    {"a mark alone", "\xEF\xBB\xBF"sv, text_encoding::utf8, ""sv},
    {"a second mark is text", "\xEF\xBB\xBF\xEF\xBB\xBFx"sv, text_encoding::utf8, "\uFEFFx"sv},
    {"a mark later is text", "a\xEF\xBB\xBF"sv, text_encoding::utf8, "a\uFEFF"sv},
    {"NUL", "a\0b"sv, text_encoding::utf8, "a\uFFFDb"sv},
    {"with mark but not UTF-8", "\xEF\xBB\xBFS\xE3o"sv, text_encoding::utf8, "São"sv},
    {"cp1252", "S\xE3o \x80 \x93x\x94"sv, text_encoding::windows_1252, "São € “x”"sv},
    {"cp1252, unassigned byte", "\x81"sv, text_encoding::windows_1252, "\uFFFD"sv},
    {"UTF-16 LE", "\xFF\xFEP\0O\0\xE7\0"sv, text_encoding::utf16_le, "POç"sv},
    {"UTF-16 BE", "\xFE\xFF\0P\0O\0\xE7"sv, text_encoding::utf16_be, "POç"sv},
    {"UTF-16 LE, pair", "\xFF\xFE\x3D\xD8\x00\xDE"sv, text_encoding::utf16_le, "😀"sv},
    {"UTF-16 BE, pair", "\xFE\xFF\xD8\x3D\xDE\x00"sv, text_encoding::utf16_be, "😀"sv},
    {"UTF-16 LE, high alone", "\xFF\xFE\x3D\xD8\x41\x00"sv, text_encoding::utf16_le, "\uFFFDA"sv},
    {"UTF-16 LE, low alone", "\xFF\xFE\x00\xDE\x41\x00"sv, text_encoding::utf16_le, "\uFFFDA"sv},
    {"UTF-16 LE, high at the end", "\xFF\xFE\x3D\xD8"sv, text_encoding::utf16_le, "\uFFFD"sv},
    {"UTF-16 LE, half a unit", "\xFF\xFE\x41\x00\x42"sv, text_encoding::utf16_le, "A\uFFFD"sv},
    {"UTF-16 LE, NUL", "\xFF\xFE\x00\x00\x41\x00"sv, text_encoding::utf16_le, "\uFFFDA"sv},
    {"invalid bytes in UTF-8", "\xC3\xA7;\xE7;x"sv, text_encoding::utf8, "ç;ç;x"sv},
    {"cut off at the end", "x\xE2\x82"sv, text_encoding::utf8, "xâ‚"sv},
    {"overlong", "\xC0\xAF"sv, text_encoding::utf8, "À¯"sv},
    {"surrogate in UTF-8", "\xED\xA0\x80"sv, text_encoding::utf8, "í\u00A0€"sv},
    {"above U+10FFFF", "\xF4\x90\x80\x80"sv, text_encoding::utf8, "ô\uFFFD€€"sv},
};

}  // namespace

TEST_CASE("text_decoder: any encoding in pieces of any size, the same UTF-8") {
  for (const decoding& one : decodings) {
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 1000U}) {
      CAPTURE(one.name);
      CAPTURE(piece);
      CHECK(decode_in_pieces(one.bytes, one.encoding, piece) == one.text);
    }
  }
}

namespace {

struct detection {
  const char* name;
  std::string_view bytes;
  bool whole;
  text_encoding encoding;
};

const detection detections[] = {
    {"ASCII", "PO"sv, true, text_encoding::utf8},
    {"UTF-8", "\xC3\xA7"sv, true, text_encoding::utf8},
    {"UTF-8 cut off by the sample", "abc\xE2\x82"sv, false, text_encoding::utf8},
    {"the same at the end of the file", "abc\xE2\x82"sv, true, text_encoding::windows_1252},
    {"cp1252", "S\xE3o Paulo"sv, true, text_encoding::windows_1252},
    {"cp1252, last byte", "S\xE3"sv, true, text_encoding::windows_1252},
    {"mark, UTF-8", "\xEF\xBB\xBFx"sv, true, text_encoding::utf8},
    {"mark, UTF-8, but other bytes", "\xEF\xBB\xBF\xE3x"sv, true, text_encoding::utf8},
    {"mark, UTF-16 LE", "\xFF\xFEP\0"sv, true, text_encoding::utf16_le},
    {"mark, UTF-16 BE", "\xFE\xFF\0P"sv, true, text_encoding::utf16_be},
    {"NUL behind the end", "PO\r\n\x1A\0\0\r\n\x1A\0"sv, true, text_encoding::utf8},
};

struct decoder_refusal {
  const char* name;
  std::string_view bytes;
  const char* said;
};

const decoder_refusal decoder_refusals[] = {
    {"xlsx", "PK\x03\x04\x14\0\x06\0"sv, "Excel workbook"},
    {"empty zip", "PK\x05\x06"sv, "zip"},
    {"xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"sv, ".xls"},
    {"pdf", "%PDF-1.7\n"sv, "PDF"},
    {"gzip", "\x1F\x8B\x08\0"sv, "gzip"},
    {"UTF-32", "\xFF\xFE\0\0P\0\0\0"sv, "UTF-32"},
    {"UTF-16 without mark", "P\0O\0"sv, "NUL"},
    {"NUL", "abc\0def"sv, "NUL"},
    {"NUL at the end", "abc\0"sv, "NUL"},
    {"NUL before the end", "abc\0\x1A\0"sv, "NUL"},
    {"NUL behind an end that is none", "abc\x1A\0d"sv, "NUL"},
};

}  // namespace

TEST_CASE("detect_encoding: beginning of a text, its encoding") {
  for (const detection& one : detections) {
    CAPTURE(one.name);
    const auto found = detect_encoding(one.bytes, one.whole, "'list'");
    REQUIRE(found.has_value());
    CHECK(*found == one.encoding);
  }
}

TEST_CASE("detect_encoding: no text, a failure that names the input and says what to do") {
  for (const decoder_refusal& one : decoder_refusals) {
    CAPTURE(one.name);
    const auto found = detect_encoding(one.bytes, true, "'list.x'");
    REQUIRE(found.has_error());
    CHECK(found.error().code == errc::input);
    CHECK(found.error().message.find("'list.x'") == 0);
    CHECK(found.error().message.find(one.said) != std::string::npos);
  }
}
