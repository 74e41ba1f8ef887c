#include "cli/text/flag_text.hpp"

#include "core/setting_text.hpp"

#include <doctest/doctest.h>

using namespace pofetch;

namespace {

/// As in the program, for all tests of the command line: what they compare is what its user reads.
[[maybe_unused]] const bool spelled_as_flags = (core::spell_settings(&cli::flag_text), true);

}  // namespace

TEST_CASE("flag text: settings are named as options, with the word for their value") {
  CHECK(core::spelled("give @out=DIR, or raise @max_file_size") ==
        "give --out DIR, or raise --max-file-size");
  CHECK(core::setting_name("on-expiry") == "--on-expiry");
}
