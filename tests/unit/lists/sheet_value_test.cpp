#include "lists/xlsx/sheet_value.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::lists;

TEST_CASE("sheet value: numbers as a person writes them, and never better than they are") {
  struct number_case {
    const char* value;
    const char* text;
  };
  for (const auto& one : {number_case{"4500123", "4500123"},
                          {"4500123.0", "4500123"},
                          {" 12 ", "12"},
                          {"-7", "-7"},
                          {"0.10000000000000001", "0.1"},
                          {"1234.5600000000001", "1234.56"},
                          {"123456789012345", "123456789012345"},
                          // A number's exponent leaves no digits out, whoever wrote it.
                          {"1.2345678E7", "12345678"},
                          {"1.2E7", "12000000"},
                          {"1.2E+7", "12000000"},
                          {"1E+06", "1000000"},
                          {"4.5e+09", "4500000000"},
                          {"4.500012346E+9", "4500012346"},
                          {"4500012346E-0", "4500012346"},
                          {"45000123.46E2", "4500012346"},
                          {"4.500012346000001E+9", "4500012346"},
                          {"1.5E+0", "1.5"},
                          {"-1E+06", "-1000000"},
                          {"9.99999999999999E+14", "999999999999999"},
                          {"1E+15", "1.00000000000000E+15"},
                          // A double has no more digits than these.
                          {"1234567890123456", "1.23456789012346E+15"},
                          {"123456789012345678", "1.23456789012346E+17"},
                          {"nonsense", "nonsense"},
                          {"1e999", "1e999"},
                          {"", ""}}) {
    CAPTURE(one.value);
    CHECK(number_text(one.value) == one.text);
  }
}

TEST_CASE("sheet value: which formats are dates") {
  struct format_case {
    const char* code;
    bool is_date;
  };
  for (const auto& one : {format_case{"General", false},
                          {"0.00", false},
                          {"#,##0\\ \"days\"", false},
                          {"[Red]0", false},
                          {"0;\"dd\"", false},
                          {"yyyy-mm-dd", true},
                          {"[$-416]d\\ \"de\"\\ mmmm", true},
                          {"hh:mm", true},
                          {"\"open", false},
                          {"", false}}) {
    CAPTURE(one.code);
    CHECK(is_date_format(one.code) == one.is_date);
  }
  CHECK(is_date_format(14U));
  CHECK(is_date_format(22U));
  CHECK_FALSE(is_date_format(0U));
  CHECK_FALSE(is_date_format(49U));
}

TEST_CASE("sheet value: dates in both calendars") {
  struct date_case {
    const char* serial;
    const char* from_1900;
    const char* from_1904;
  };
  for (const auto& one : {date_case{"46024", "2026-01-02", "2030-01-03"},
                          {"46024.127836", "2026-01-02T03:04:05", "2030-01-03T03:04:05"},
                          {"1", "1900-01-01", "1904-01-02"},
                          {"59", "1900-02-28", "1904-02-29"},
                          {"61", "1900-03-01", "1904-03-02"},
                          {"0.5", "12:00:00", "1904-01-01T12:00:00"},
                          {"-1", "-1", "-1"},
                          {"9999999", "9999999", "9999999"},
                          {"soon", "soon", "soon"}}) {
    CAPTURE(one.serial);
    CHECK(date_text(one.serial, false) == one.from_1900);
    CHECK(date_text(one.serial, true) == one.from_1904);
  }
}
