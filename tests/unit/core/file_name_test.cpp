#include "core/file_name.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;
using namespace std::string_literals;

TEST_CASE("file_name: made safe for every system") {
  struct row {
    std::string name;
    std::string expected;
  };
  const row rows[] = {
      {"bill.pdf", "bill.pdf"},
      {"Orçamento nº 5.pdf", "Orçamento nº 5.pdf"},
      // Separators and what Windows refuses
      {"../../etc/passwd", ".._.._etc_passwd"},
      {"..\\..\\x.pdf", ".._.._x.pdf"},
      {"a:b*c?d\"e<f>g|h.txt", "a_b_c_d_e_f_g_h.txt"},
      // Nothing that is no name
      {"", "fallback.bin"},
      {".", "fallback.bin"},
      {"..", "fallback.bin"},
      {"...", "fallback.bin"},
      {"   ", "fallback.bin"},
      {". .", "fallback.bin"},
      {"\x01\x02", "fallback.bin"},
      {"\u200B\u202E", "fallback.bin"},
      // Ends
      {"  a.pdf", "a.pdf"},
      {"a.pdf. . ", "a.pdf"},
      {"a.pdf...", "a.pdf"},
      {"a.pdf\u00A0", "a.pdf"},
      {"\u3000a.pdf", "a.pdf"},
      {".hidden", ".hidden"},
      // Controls, bidirectional and zero width
      {"a\tb\nc\r.pdf", "a b c .pdf"},
      {"a\0b.pdf"s, "ab.pdf"},
      {"a\x7f\u0085b.pdf", "ab.pdf"},
      {"invoice\u202Efdp.exe", "invoicefdp.exe"},
      {"\uFEFF"
       "a\u200D\u2066.pdf",
       "a.pdf"},
      {"a\u2028b.pdf", "a b.pdf"},
      // Device names of Windows
      {"CON", "_CON"},
      {"con.txt", "_con.txt"},
      {"nul.tar.gz", "_nul.tar.gz"},
      {"PRN .pdf", "_PRN .pdf"},
      {"AUX", "_AUX"},
      {"com0.pdf", "_com0.pdf"},
      {"COM9", "_COM9"},
      {"lpt1.x", "_lpt1.x"},
      {"COM\u00B9.pdf", "_COM\u00B9.pdf"},
      {"LPT\u00B3", "_LPT\u00B3"},
      {"conin$", "_conin$"},
      {" con", "_con"},
      {"c\u200Bon.txt", "_con.txt"},
      {"COM10.pdf", "COM10.pdf"},
      {"COM.pdf", "COM.pdf"},
      {"console.txt", "console.txt"},
      {"x.con", "x.con"},
      // Unicode
      {"e\u0301.pdf", "\u00E9.pdf"},
      {"e\u200B\u0301.pdf", "\u00E9.pdf"},
      {"caf\xE9.pdf", "café.pdf"},
      {"\x80 5.pdf", "€ 5.pdf"},
      // A surrogate is no UTF-8: read as Windows-1252
      {"a\xED\xA0\x80.pdf", "aí €.pdf"},
      {"a\u0378.pdf", "a_.pdf"},
      {"日本語.pdf", "日本語.pdf"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.name);
    CHECK(safe_file_name(r.name, "fallback.bin") == r.expected);
  }
}

TEST_CASE("file_name: bad fallback, still a name") {
  CHECK(safe_file_name("", "") == "file");
  CHECK(safe_file_name("..", "../x") == ".._x");
  CHECK(safe_folder_name("", "..") == "unnamed");
  CHECK(safe_folder_name("") == "unnamed");
}

TEST_CASE("file_name: long names, cut at 255 bytes with the extension kept") {
  const std::string cut = safe_file_name(std::string(300, 'a') + ".pdf", "x");
  CHECK(cut == std::string(251, 'a') + ".pdf");
  CHECK(safe_file_name(std::string(251, 'a') + ".pdf", "x") == std::string(251, 'a') + ".pdf");
  CHECK(safe_file_name(std::string(252, 'a') + ".pdf", "x") == std::string(251, 'a') + ".pdf");
  CHECK(safe_file_name(std::string(300, 'a') + ".tar.gz", "x") == std::string(248, 'a') + ".tar.gz");
  CHECK(safe_file_name(std::string(300, 'a'), "x").size() == 255);
  // What looks like an extension but is too long for one is cut.
  CHECK(safe_file_name("a." + std::string(300, 'b'), "x").size() == 255);
  CHECK(safe_file_name(std::string(250, 'a') + " " + std::string(50, 'b') + ".pdf", "x") ==
        std::string(250, 'a') + ".pdf");
  CHECK(safe_file_name(std::string(254, 'a') + ". " + std::string(50, 'b') + " c", "x") ==
        std::string(254, 'a'));
}

TEST_CASE("file_name: file systems that take less, names cut to that") {
  for (const std::size_t most : {std::size_t{143}, least_name_bytes, std::size_t{200}}) {
    CAPTURE(most);
    for (const std::string& tail : {".pdf"s, ".tar.gz"s, ""s}) {
      CAPTURE(tail);
      const std::string name = safe_file_name(std::string(300, 'a') + tail, "x", most);
      CHECK(name == std::string(most - tail.size(), 'a') + tail);
      CHECK(safe_file_name(name, "x", most) == name);
      const std::string numbered = numbered_name(name, 1'000, most);
      CHECK(numbered.size() == most);
      CHECK(numbered.ends_with(" (1000)" + tail));
      std::string wide;
      for (int i = 0; i < 100; ++i) wide += "漢";
      CHECK(is_utf8(safe_file_name(wide + tail, "x", most)));
      CHECK(safe_file_name(wide + tail, "x", most).size() <= most);
    }
    CHECK(safe_file_name("short.pdf", "x", most) == "short.pdf");
    CHECK(safe_folder_name(std::string(300, 'a'), "x", most) == std::string(most, 'a'));
  }
}

TEST_CASE("file_name: long names, no character cut in two") {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "é漢";
  const std::string cut = safe_file_name(name + ".pdf", "x");
  CHECK(is_utf8(cut));
  CHECK(cut.size() == 254);  // 50 pairs of 5 bytes, and .pdf
  CHECK(cut.substr(cut.size() - 4) == ".pdf");
  // A base letter keeps its marks, or goes with them.
  std::string marked(250, 'a');
  marked += "q\u0323\u0307";
  CHECK(safe_file_name(marked + "b.pdf", "x") == std::string(250, 'a') + ".pdf");
}

TEST_CASE("file_name: hostile lengths, quick and bounded") {
  std::string marks = "a";
  for (int i = 0; i < 40'000; ++i) marks += i % 2 == 0 ? "\u0323" : "\u0307";
  CHECK(safe_file_name(marks + ".pdf", "x").size() <= 255);
  CHECK(safe_file_name(std::string(200'000, '\xFF') + ".pdf", "x").size() <= 255);
  CHECK(safe_folder_name(std::string(200'000, '.') + "a").size() <= 255);
}

TEST_CASE("file_name: folders, no level and no private name") {
  struct row {
    std::string name;
    std::string expected;
  };
  const row rows[] = {
      {"4512", "4512"},
      {"../../x", ".._.._x"},
      {"a/b", "a_b"},
      {".pofetch", "_.pofetch"},
      {".PoFetch", "_.PoFetch"},
      {".pofetch2", "_.pofetch2"},
      {" .pofetch", "_.pofetch"},
      {".pofetch .", "_.pofetch"},
      {"report.csv", "_report.csv"},
      {"Report.CSV", "_Report.CSV"},
      {"report.csv.old", "report.csv.old"},
      {"NUL", "_NUL"},
      {"A.B.C. ", "A.B.C"},
      {".po\u200Bfetch", "_.pofetch"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.name);
    CHECK(safe_folder_name(r.name) == r.expected);
  }
  CHECK(safe_file_name(".pofetch", "x") == ".pofetch");
}

TEST_CASE("file_name: what a cut leaves is no reserved name either") {
  const std::string gap(300, ' ');
  CHECK(safe_file_name("con" + gap + "x.pdf", "x") == "_con.pdf");
  CHECK(safe_file_name("NUL" + gap + "x", "x") == "_NUL");
  CHECK(safe_folder_name("aux" + gap + "x") == "_aux");
  CHECK(safe_folder_name("report.csv" + gap + "x") == "_report.csv");
  CHECK(safe_folder_name(".pofetch" + gap + "x") == "_.pofetch");
  CHECK(safe_folder_name("com1" + std::string(260, '.') + "x") == "_com1");
}

TEST_CASE("file_name: a private name by case folding is one") {
  CHECK(safe_folder_name("report.c\u017Fv") == "_report.c\u017Fv");
}

TEST_CASE("file_name: safe names stay as they are") {
  for (const std::string name : {"a:b", "CON", " x. ", ".pofetch", "e\u0301", "a\u202Eb", "caf\xE9"}) {
    const std::string once = safe_folder_name(name);
    CAPTURE(once);
    CHECK(safe_folder_name(once) == once);
    CHECK(safe_file_name(safe_file_name(name, "x"), "x") == safe_file_name(name, "x"));
  }
}

TEST_CASE("file_name: extensions") {
  struct row {
    std::string name;
    std::string stem;
    std::string extension;
  };
  const row rows[] = {
      {"a.pdf", "a", ".pdf"},
      {"a.b.pdf", "a.b", ".pdf"},
      {"a.tar.gz", "a", ".tar.gz"},
      {"a.TAR.XZ", "a", ".TAR.XZ"},
      {"a.b.gz", "a.b", ".gz"},
      {".tar.gz", ".tar", ".gz"},
      {"a", "a", ""},
      {"", "", ""},
      {".pdf", ".pdf", ""},
      {"a.", "a.", ""},
      {"a.p f", "a.p f", ""},
      {"a.pdé", "a.pdé", ""},
      {"a.abcdefghij", "a", ".abcdefghij"},
      {"a.abcdefghijk", "a.abcdefghijk", ""},
      {"a.7z", "a", ".7z"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.name);
    const auto parts = split_extension(r.name);
    CHECK(parts.stem == r.stem);
    CHECK(parts.extension == r.extension);
  }
}

TEST_CASE("file_name: numbers before the extension, within 255 bytes") {
  CHECK(numbered_name("a.pdf", 2) == "a (2).pdf");
  CHECK(numbered_name("a", 10) == "a (10)");
  CHECK(numbered_name("a.tar.gz", 3) == "a (3).tar.gz");
  CHECK(numbered_name(".pdf", 2) == ".pdf (2)");
  CHECK(numbered_name(std::string(251, 'a') + ".pdf", 12) == std::string(246, 'a') + " (12).pdf");
}
