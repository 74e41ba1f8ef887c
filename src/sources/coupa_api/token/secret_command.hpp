#pragma once

#include <pofetch/error.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// The words of a command line, as a shell would cut them: white space stands between them, single and double
/// quotes group, a backslash takes the next character as it is (not within single quotes). Nothing else has
/// a meaning. Failure config: no word at all, or a quote that does not end.
[[nodiscard]] result<std::vector<std::string>> command_words(std::string_view text);

/// Runs the command, without a shell, and returns the first line that it prints, without white space around
/// it. Its standard input is empty, its standard error that of this process. Failure config: it cannot be
/// started, fails, prints nothing, or is not done within `limit` (it is killed then, with what it has started
/// if there is no terminal); cancelled: `stopped` said so. No message repeats its arguments or what it
/// printed. Blocks.
[[nodiscard]] result<std::string> run_secret_command(std::string_view text, std::chrono::milliseconds limit,
                                                     const std::function<bool()>& stopped);

}  // namespace pofetch::sources
