#include "cli/commands/commands.hpp"
#include "core/setting_text.hpp"
#include "service/server/access/token_file.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

namespace pofetch::cli {

namespace {

/// The token once, and the line by which the service knows it.
exit_state print_new_token(const arguments& line, const options& values) {
  if (!line.given.contains("scope")) {
    complain(
        "--new-token needs --scope: one or more of read, submit, metrics and admin, with commas between "
        "them.");
    return exit_state::usage;
  }
  const auto made = service::make_token(values.serve.new_token, values.batch.scope);
  if (!made) {
    complain(made.error().message);
    return exit_state::usage;
  }
  const std::string text = fmt::format("Token, shown this once:\n{}\nLine for the file of --tokens:\n{}\n",
                                       made->text, made->line);
  return print(text) ? exit_state::ok : exit_state::machine;
}

}  // namespace

exit_state command_serve(const arguments& line, const options& values) {
  if (!values.serve.new_token.empty()) return print_new_token(line, values);
  // Who reads the answers knows settings as members of JSON.
  core::spell_settings(nullptr);
  const service::voice says{[](std::string_view text) { tell(text); },
                            [](std::string_view text) { warn(text); },
                            [](std::string_view text) { complain(text); }};
  return service::serve(values.serve, says);
}

}  // namespace pofetch::cli
