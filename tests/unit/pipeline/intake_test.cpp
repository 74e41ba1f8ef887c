#include "pipeline/intake.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;
using namespace pofetch::pipeline;

TEST_CASE("intake: one order, with and without leading zeros, asked for and shown as its row has it") {
  struct key_case {
    const char* number;
    bool of_manifest;
    const char* key;
  };
  for (const auto& one : {key_case{"12", false, "12"},
                          {"0012", false, "12"},
                          {"120", false, "120"},
                          {"000000000000000012", false, "12"},
                          {"0012", true, "0012"},
                          {"Contract 7", true, "Contract 7"}}) {
    CAPTURE(one.number);
    po_row row;
    row.number = one.number;
    row.prefix = "PO";
    const po_entry entry = entry_of(row, one.of_manifest, 255);
    CHECK(entry.key == one.key);
    CHECK(entry.number == one.number);
    CHECK(entry.folder == one.number);
  }
}
