#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace pofetch::core {

// Messages name settings, and who reads them knows a setting by one name only: `--max-file-size` on the
// command line, `max_file_size` in a program or in JSON. So the text of a message has a mark in place of the
// name, and the mark is spelled out when the message is made: what is kept, recorded or reported is the
// finished sentence.

/// Writes a setting's name for the reader. `name` has underscores or dashes; `value` is the word for its
/// value (`FILE`), or empty.
using setting_speller = std::string (*)(std::string_view name, std::string_view value);

/// Chosen once, at the root of the program and before its first thread; the library leaves it alone. Without
/// a choice, and with null, a name is written as a member is: `max_file_size`, without the word for its
/// value.
void spell_settings(setting_speller how) noexcept;

/// The name as the reader knows it.
[[nodiscard]] std::string setting_name(std::string_view name, std::string_view value = {});

/// The text with its marks spelled out: `@max_file_size`, or with a word for the value in capitals
/// `@out=DIR`. For text of ours only: what comes from outside may hold an @ of its own.
[[nodiscard]] std::string spelled(std::string_view text);

/// fmt::format whose text may have marks; the arguments are never looked at.
template <class... Args>
[[nodiscard]] std::string sentence(fmt::format_string<Args...> text, const Args&... args) {
  const fmt::string_view plain = text;
  return fmt::vformat(spelled({plain.data(), plain.size()}), fmt::make_format_args(args...));
}

}  // namespace pofetch::core
