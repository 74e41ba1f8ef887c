// Any bytes as a config file: a problem names a line that there is, and what is in force reads back as the
// same when it is printed.
#include "cli/text/print_config.hpp"
#include "core/unicode.hpp"
#include "fuzz/fuzz_input.hpp"
#include "settings/resolve.hpp"
#include "settings/setting.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

using namespace pofetch;

void check_problem(const failure& why, long lines) {
  fuzz::require(why.code == errc::config && why.message.starts_with("line "));
  const long line = std::strtol(why.message.c_str() + 5, nullptr, 10);
  fuzz::require(line >= 1 && line <= lines);
}

result<settings::resolution> decided(std::vector<settings::toml_entry> entries) {
  return settings::resolve({}, settings::environment{}, settings::config_file{"x.toml", std::move(entries)});
}

void check_printed(const settings::resolution& first) {
  const auto entries = settings::read_toml(cli::print_config(first, settings::environment{}));
  fuzz::require(entries.has_value());
  const auto second = decided(*entries);
  fuzz::require(second.has_value());
  for (const settings::setting& each : settings::all_settings()) {
    if (!belongs_to(each, first.what) || each.secret || each.address) continue;
    fuzz::require(each.show(first.values) == each.show(second->values));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  const auto entries = settings::read_toml(text);
  if (entries) {
    int line = 1;
    for (const auto& entry : *entries) {
      fuzz::require(entry.line >= line && entry.line <= lines);
      line = entry.line;
    }
    if (const auto first = decided(*entries)) check_printed(*first);
  } else {
    check_problem(entries.error(), lines);
  }
  if (core::is_utf8(text) && text.find('\0') == std::string::npos) {
    const auto quoted = settings::read_toml("a = " + cli::toml_quoted(text));
    fuzz::require(quoted && quoted->size() == 1 && quoted->front().values == std::vector<std::string>{text});
  }
  return 0;
}
