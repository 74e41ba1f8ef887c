#include "lists/report/report_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace pofetch::lists;
using namespace std::string_view_literals;

TEST_CASE("append_csv_cell: text from anywhere, one safe cell") {
  struct {
    std::string_view text;
    std::string_view cell;
  } const cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"São 😀", "São 😀"},
      {"a,b", "\"a,b\""},
      {"a;b", "\"a;b\""},
      {"a\tb", "\"a\tb\""},
      {"a\"b", "\"a\"\"b\""},
      {"a\r\nb", "\"a\r\nb\""},
      {" a ", "\" a \""},
      {"-5", "-5"},
      {"+351", "+351"},
      {"-1.234,50", "\"-1.234,50\""},
      {"-", "-"},
      {"--", "'--"},
      {"=1+1", "'=1+1"},
      {"+1+1", "'+1+1"},
      {"-1-1", "'-1-1"},
      {"+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\t=1", "\"'\t=1\""},
      {"\r=1", "\"'\r=1\""},
      {"\n=1", "\"'\n=1\""},
      {"\uFF1D1+1", "'\uFF1D1+1"},
      {" =1+1", "' =1+1"},
      {"  \u00A0@SUM(A1)", "'  \u00A0@SUM(A1)"},
      {"\"=1+1\"", "\"'\"\"=1+1\"\"\""},
      {" \" -1-1", "\"' \"\" -1-1\""},
      {"\u202E=1", "'=1"},
      {" -5", "\" -5\""},
      {"a\u202Eb\u2066c\u2028d\u200Ee", "abcd\u200Ee"},
      {"€ 5 \u2030", "€ 5 \u2030"},
      {"\x1b=1+1", "1+1"},
      {"\x01=1+1", "'=1+1"},
      {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""},
      {"'=1", "'=1"},
      {"a=1", "a=1"},
      {"a\0b\x07\x7f"sv, "ab"},
      {"\x1b[1;31mred\x1b[0m", "red"},
      {"\x1b]0;title\x07x", "x"},
      {"\x1b]0;title\x1b\\x", "x"},
      {"\x1b]no end", "no end"},
      {"\x1b(Bx", "x"},
      {"\x1b\xC3\xA7", "ç"},
      {"x\x1b", "x"},
      {"\x1b[", ""},
      {"a\xC2\x9B"
       "31mb",
       "a31mb"},
      {"S\xE3o", "São"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    std::string out = "|";
    append_csv_cell(out, one.text);
    CHECK(out == "|" + std::string(one.cell));
  }
}

TEST_CASE("append_json_string: text from anywhere, one valid string") {
  struct {
    std::string_view text;
    std::string_view json;
  } const cases[] = {
      {"", R"("")"},
      {"a\"b\\c/", R"("a\"b\\c/")"},
      {"\n\r\t", R"("\n\r\t")"},
      {"\x01\x1f\x7f"sv, R"("\u0001\u001f\u007f")"},
      {"a\0b"sv, R"("a\u0000b")"},
      {"ç😀", "\"ç😀\""},
      {"a\u0085\u009Bb\u00A0", "\"a\\u0085\\u009bb\u00A0\""},
      {"\u202Ex\u2069\u2028", "\"\\u202ex\\u2069\\u2028\""},
      {"\u2027\u202F\u2065\u206A", "\"\u2027\u202F\u2065\u206A\""},
      {"S\xE3o", "\"São\""},
      {"\xC3", "\"Ã\""},
  };
  for (const auto& one : cases) {
    std::string out;
    append_json_string(out, one.text);
    CHECK(out == one.json);
  }
}
