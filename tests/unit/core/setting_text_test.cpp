#include "core/setting_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;

namespace {

std::string shouted(std::string_view name, std::string_view value) {
  return "<" + std::string(name) + (value.empty() ? "" : " ") + std::string(value) + ">";
}

/// A speller while a test runs.
struct spelling {
  explicit spelling(setting_speller how) { spell_settings(how); }
  spelling(const spelling&) = delete;
  spelling& operator=(const spelling&) = delete;
  ~spelling() { spell_settings(nullptr); }
};

}  // namespace

TEST_CASE("setting text: marks are spelled out, as members or as the root has chosen") {
  struct row {
    const char* text;
    const char* plain;
    const char* chosen;
  };
  const row rows[] = {
      {"", "", ""},
      {"nothing here", "nothing here", "nothing here"},
      {"@out", "out", "<out>"},
      {"raise @max_file_size, then", "raise max_file_size, then", "raise <max_file_size>, then"},
      {"(@idle_timeout)", "(idle_timeout)", "(<idle_timeout>)"},
      {"@client_cert=FILE and @client_key=FILE.", "client_cert and client_key.",
       "<client_cert FILE> and <client_key FILE>."},
      {"@out=", "out=", "<out>="},
      {"@out=dir", "out=dir", "<out>=dir"},
      {"a mark is none behind a letter: me@host", "a mark is none behind a letter: me@host",
       "a mark is none behind a letter: me@host"},
      {"@", "@", "@"},
      {"@@out @1", "@out @1", "@<out> @1"},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    CHECK(spelled(each.text) == each.plain);
    const spelling by_root(&shouted);
    CHECK(spelled(each.text) == each.chosen);
  }
}

TEST_CASE("setting text: what is put into a sentence is never taken for a mark") {
  const spelling by_root(&shouted);
  CHECK(sentence("@cookies {}: {:.1f} s", "@out @workers=N", 1.25) == "<cookies> @out @workers=N: 1.2 s");
  CHECK(setting_name("max-file-size", "BYTES") == "<max-file-size BYTES>");
}

TEST_CASE("setting text: a name is written as a member is, whoever spells it with dashes") {
  CHECK(setting_name("max-file-size", "BYTES") == "max_file_size");
}
