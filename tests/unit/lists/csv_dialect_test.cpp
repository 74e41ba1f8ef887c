#include "lists/csv/csv_dialect.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace pofetch::lists;
using namespace std::string_view_literals;

TEST_CASE("csv dialect: the delimiter is the one that splits the lines alike") {
  const struct {
    const char* slug;
    std::string_view text;
    char delimiter;
  } rows[] = {
      {"comma", "PO,Note\n1,a\n2,b\n", ','},
      {"semicolon", "PO;Note\n1;a\n2;b\n", ';'},
      {"tab", "PO\tNote\n1\ta\n", '\t'},
      {"bar", "PO|Note\n1|a\n", '|'},
      {"none", "PO\n1\n2\n", csv_dialect::none},
      {"nothing", "", csv_dialect::none},
      {"decimal-commas", "PO;Amount\n1;1,5\n2;2,5\n", ';'},
      {"comma-in-header-only", "PO;Note, if any\n1;a\n2;b\n", ';'},
      {"as-many-lines-but-more-cells", "a,b,c;d\n1,2,3;4\n", ','},
      {"in-quotes-only", "\"PO,Note\"\n\"1,a\"\n", csv_dialect::none},
      {"quoted-line-break", "PO;\"a\n,b\"\n1;c\n2;d\n", ';'},
      {"escaped-quote", "PO;\"a\"\",\"\n1;c\n2;d\n", ';'},
      {"quote-within-a-cell", "PO;5\" pipe\n1;a\n2;b\n", ';'},
      {"blank-lines", "\n\nPO;Note\n\n1;a\n", ';'},
      {"carriage-returns", "PO;Note\r1;a\r2;b\r", ';'},
      {"not-in-the-first-line", "PO\n1;a\n2;b\n", csv_dialect::none},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.slug));
    CHECK(detect_csv_dialect(row.text).delimiter == row.delimiter);
  }
}

TEST_CASE("csv dialect: what is preferred wins a draw, and nothing else") {
  CHECK(detect_csv_dialect("a;b,c\n1;2,3\n").delimiter == ',');
  CHECK(detect_csv_dialect("a;b,c\n1;2,3\n", ';').delimiter == ';');
  CHECK(detect_csv_dialect("a;b,c,d\n1;2,3,4\n", ';').delimiter == ',');
  CHECK(detect_csv_dialect("a,b\n1,2\n", ';').delimiter == ',');
}

TEST_CASE("csv dialect: a first line as Excel writes it says the delimiter, and is no record") {
  const struct {
    const char* slug;
    std::string_view text;
    char delimiter;
    bool has_sep_line;
  } rows[] = {
      {"semicolon", "sep=;\nPO,a;Note\n", ';', true},
      {"unusual", "sep=#\r\nPO,a#Note\n", '#', true},
      {"tab", "sep=\t\nPO\tNote\n", '\t', true},
      {"in-capitals", "SEP=;\nPO,Note\n", ';', true},
      {"quoted", "\"sep=;\"\nPO;Note\n", ';', true},
      {"a-letter-is-none", "sep=x\nPO,Note\n", csv_dialect::none, false},
      {"a-quote-is-none", "sep=\"\nPO,Note\n", csv_dialect::none, false},
      {"two-are-none", "sep=;;\nPO;Note\n", ';', false},
      {"without-its-end", "sep=;", ';', false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.slug));
    const csv_dialect found = detect_csv_dialect(row.text);
    CHECK(found.delimiter == row.delimiter);
    CHECK(found.has_sep_line == row.has_sep_line);
  }
}

TEST_CASE("csv dialect: space before a quote is none of the cell's") {
  CHECK(detect_csv_dialect("PO, \"Note\"\n1, \"a\"\n").trims);
  CHECK_FALSE(detect_csv_dialect("PO, Note\n1, a\n").trims);
  CHECK_FALSE(detect_csv_dialect("PO,\"Note\"\n").trims);
}

TEST_CASE("csv dialect: even are two lines or more with as many cells each") {
  CHECK(detect_csv_dialect("PO;Note\n1;a\n2;b\n").even);
  CHECK_FALSE(detect_csv_dialect("PO;Note\n1;a\n2;b;c\n").even);
  CHECK_FALSE(detect_csv_dialect("PO;Note\n").even);
  // The last line may be cut off: it is not looked at.
  CHECK(detect_csv_dialect("PO;Note\n1;a\n2").even);
}
