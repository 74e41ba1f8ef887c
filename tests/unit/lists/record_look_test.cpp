#include "lists/record_look.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch::lists;

TEST_CASE("record look: rules are no rows, placeholders and text are") {
  struct look_case {
    std::vector<std::string> cells;
    bool is_blank;
    bool is_rule;
  };
  for (const look_case& one : std::vector<look_case>{{{"-----"}, false, true},
                                                     {{"", "-----", "---", ""}, false, true},
                                                     {{"|----|----|"}, false, true},
                                                     {{"+====+====+"}, false, true},
                                                     {{" :---: ", "--:"}, false, true},
                                                     {{"_____"}, false, true},
                                                     {{"- - - --"}, false, true},
                                                     {{"\u2500\u2500\u253C\u2500\u2500"}, false, true},
                                                     {{"\u2014\u2014\u2014"}, false, true},
                                                     {{"-"}, false, false},
                                                     {{"-", "-", "-"}, false, false},
                                                     {{"- -"}, false, false},
                                                     {{"||"}, false, false},
                                                     {{"***"}, false, false},
                                                     {{"-----", "x"}, false, false},
                                                     {{"--1--"}, false, false},
                                                     {{"", " ", "\t"}, true, false},
                                                     {{"\x1A"}, true, false},
                                                     {{"\x1A\x1A", ""}, true, false},
                                                     {{}, true, false}}) {
    const record made{1, one.cells, {}};
    CAPTURE(one.cells.empty() ? std::string() : one.cells[0]);
    CHECK(is_blank(made) == one.is_blank);
    CHECK(is_rule(made) == one.is_rule);
  }
  CHECK_FALSE(is_no_row({1, {""}, "Line 1 is too long."}));
  CHECK_FALSE(is_no_row({1, {"----"}, "Line 1 is too long."}));
}
