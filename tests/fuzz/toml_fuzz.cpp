// Any bytes as a config file: what is read reads back when it is written, and a problem names a line that
// there is.
#include "cli/toml_reader.hpp"
#include "core/unicode.hpp"
#include "fuzz/fuzz_input.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace pofetch;

std::string written(const std::vector<cli::toml_entry>& entries) {
  std::string text;
  const std::string* section = nullptr;
  for (const auto& entry : entries) {
    if (section == nullptr ? !entry.section.empty() : *section != entry.section)
      text += '[' + cli::toml_quoted(entry.section) + "]\n";
    section = &entry.section;
    text += cli::toml_quoted(entry.key) + " = " + (entry.array ? "[" : "");
    for (const auto& value : entry.values) text += cli::toml_quoted(value) + (entry.array ? "," : "");
    text += entry.array ? "]\n" : "\n";
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  const auto entries = cli::read_toml(text);
  if (!entries) {
    const std::string& message = entries.error().message;
    fuzz::require(entries.error().code == errc::config && message.starts_with("line "));
    const long line = std::strtol(message.c_str() + 5, nullptr, 10);
    fuzz::require(line >= 1 && line <= lines);
  } else {
    for (const auto& entry : *entries) fuzz::require(entry.line >= 1 && entry.line <= lines);
    const auto again = cli::read_toml(written(*entries));
    fuzz::require(again && again->size() == entries->size());
    for (std::size_t i = 0; i < again->size(); ++i) {
      fuzz::require((*again)[i].section == (*entries)[i].section && (*again)[i].key == (*entries)[i].key);
      fuzz::require((*again)[i].values == (*entries)[i].values && (*again)[i].array == (*entries)[i].array);
    }
  }
  if (core::is_utf8(text) && text.find('\0') == std::string::npos) {
    const auto quoted = cli::read_toml("a = " + cli::toml_quoted(text));
    fuzz::require(quoted && quoted->size() == 1 && quoted->front().values == std::vector<std::string>{text});
  }
  return 0;
}
