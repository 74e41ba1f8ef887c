#include "core/unicode.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using namespace pofetch::core;
using namespace std::string_literals;

TEST_CASE("unicode: valid and invalid UTF-8 (RFC 3629)") {
  for (const std::string& text : {""s, "abc"s, "é"s, "漢字"s, "\U0001F4CE"s, "\xF4\x8F\xBF\xBF"s, "\0"s}) {
    CAPTURE(text);
    CHECK(is_utf8(text));
  }
  for (const std::string& bytes : {"\x80"s, "\xC3"s, "\xC0\x80"s, "\xE0\x80\x80"s, "\xED\xA0\x80"s,
                                   "\xF4\x90\x80\x80"s, "\xF8\x88\x80\x80\x80"s, "a\xFF"s, "\xE9t\xE9"s}) {
    CAPTURE(bytes);
    CHECK_FALSE(is_utf8(bytes));
  }
}

TEST_CASE("unicode: bytes that are no UTF-8, Windows-1252") {
  CHECK(to_utf8("caf\xE9 \x80 \x93x\x94") == "café € “x”");
  CHECK(to_utf8("café") == "café");
  CHECK(windows_1252_to_utf8("\x81") == "\uFFFD");
}

TEST_CASE("unicode: code points in and out") {
  std::string out;
  append_utf8(out, 'a');
  append_utf8(out, 0x1F4CE);
  append_utf8(out, 0xD800);
  append_utf8(out, 0x110000);
  CHECK(out == "a\U0001F4CE\uFFFD\uFFFD");
  std::string_view rest = "é\xFFz";
  CHECK(next_code_point(rest) == 0xE9);
  CHECK(next_code_point(rest) == 0xFFFD);
  CHECK(next_code_point(rest) == 'z');
  CHECK(rest.empty());
  CHECK(next_code_point(rest) == 0xFFFD);
}

TEST_CASE("unicode: UTF-16 of either order, what is no pair and half a unit at the end") {
  struct row {
    std::string_view little;
    std::string_view utf8;
  };
  for (const row& r :
       {row{"", ""}, row{{"A\0\xE9\0", 4}, "A\u00E9"}, row{{"\x3D\xD8\0\xDE", 4}, "\U0001F600"},
        row{{"\x3D\xD8"
             "A\0",
             4},
            "\uFFFDA"},
        row{{"\0\xDE"
             "A\0",
             4},
            "\uFFFDA"},
        row{"\x3D\xD8", "\uFFFD"}, row{{"A\0B", 3}, "A\uFFFD"}}) {
    CAPTURE(r.utf8);
    CHECK(utf16_to_utf8(r.little, true) == r.utf8);
    std::string big(r.little);
    for (std::size_t i = 0; i + 1 < big.size(); i += 2) std::swap(big[i], big[i + 1]);
    CHECK(utf16_to_utf8(big, false) == r.utf8);
  }
}

TEST_CASE("unicode: normal form C") {
  CHECK(nfc("e\u0301") == "\u00E9");
  CHECK(nfc("\u212B") == "\u00C5");
  CHECK(nfc("\u1100\u1161") == "\uAC00");
  CHECK(nfc("plain") == "plain");
  CHECK(nfc("\uFB01") == "\uFB01");
}

TEST_CASE("unicode: folded equal") {
  const std::pair<std::string, std::string> rows[] = {
      {"ABC", "abc"},   {"ÉCOLE", "e\u0301cole"},  {"Straße", "STRASSE"},
      {"ΣΑΣ", "σας"},   {"\u212Aelvin", "kelvin"}, {"caf\xE9", "CAFÉ"},
      {"\u1E9E", "ss"}, {"ﬁle", "FILE"},
  };
  for (const auto& row : rows) {
    const auto& a = row.first;
    const auto& b = row.second;
    CAPTURE(a);
    CHECK(fold_case(a) == fold_case(b));
    CHECK(fold_case(fold_case(a)) == fold_case(a));
  }
  CHECK(fold_case("resume") != fold_case("résumé"));
}

TEST_CASE("unicode: loose keys of names that people write") {
  CHECK(loose_key("N.º Pedido") == "nopedido");
  CHECK(loose_key(" PO_Number: ") == "ponumber");
  CHECK(loose_key("Código-da Empresa") == "codigodaempresa");
  CHECK(loose_key("\uFEFFPO") == "po");
  CHECK(loose_key("Tamaño") == "tamano");
  CHECK(loose_key("C\xF3"
                  "digo") == "codigo");
  CHECK(loose_key("###").empty());
  CHECK(loose_key("ＰＯ") == "po");
}

TEST_CASE("unicode: hostile marks, quick") {
  std::string marks = "a";
  for (int i = 0; i < 100'000; ++i) marks += i % 2 == 0 ? "\u0323" : "\u0307";
  CHECK(loose_key(marks) == "a");
}

TEST_CASE("unicode: cut between characters") {
  CHECK(cut_utf8("abc", 3) == "abc");
  CHECK(cut_utf8("abc", 2) == "ab");
  CHECK(cut_utf8("aé", 2) == "a");
  CHECK(cut_utf8("漢字", 5) == "漢");
  CHECK(cut_utf8("ae\u0301b", 3) == "a");
  CHECK(cut_utf8("ae\u0301b", 4) == "ae\u0301");
  CHECK(cut_utf8("\U0001F468\u200D\U0001F469x", 8) == "\U0001F468\u200D");
  CHECK(cut_utf8("a\U0001F1E7\U0001F1F7", 6) == "a");
  CHECK(cut_utf8("é", 1).empty());
  CHECK(cut_utf8("abc", 0).empty());
}
