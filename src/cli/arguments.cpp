#include "cli/arguments.hpp"

#include "cli/options.hpp"
#include "settings/suggest.hpp"
#include "settings/units.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace pofetch::cli {

namespace {

/// CLI11's view of one command.
struct command_parser {
  command what = command::run;
  CLI::App* app = nullptr;
  CLI::Option* help = nullptr;
  CLI::Option* print_config = nullptr;
  CLI::Option* operand = nullptr;
  CLI::Option* config = nullptr;
  std::vector<std::pair<const setting*, CLI::Option*>> options{};
};

std::string option_names(const setting& which) {
  std::string names = fmt::format("--{}", which.name);
  if (has_negative(which)) names += fmt::format(",!--no-{}", which.name);
  if (short_name(which) != '\0') names += fmt::format(",-{}", short_name(which));
  return names;
}

/// An option whose value may be left out takes the next word only where that can be nothing else: `--refresh
/// 7d orders.csv`, `--refresh orders.csv`. Afterwards it stands in one word.
std::vector<std::string> with_values(const std::vector<std::string>& words) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < words.size(); ++i) {
    made.push_back(words[i]);
    if (words[i] == "--") {
      made.insert(made.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    const setting* const found = words[i].starts_with("--") ? find_setting(words[i].substr(2)) : nullptr;
    if (found == nullptr || found->kind != setting_kind::option) continue;
    const bool has_age = i + 1 < words.size() && settings::parse_age(words[i + 1]).has_value();
    made.back() += fmt::format("={}", has_age ? words[++i] : std::string(settings::standing_alone));
  }
  return made;
}

CLI::Option* add_value(CLI::App& app, const std::string& names) {
  CLI::Option* const option =
      app.add_option(names, CLI::callback_t([](const CLI::results_t&) { return true; }));
  option->type_size(1)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return option;
}

command_parser add_command(CLI::App& root, command what) {
  command_parser made;
  made.what = what;
  made.app = root.add_subcommand(std::string(to_string(what)));
  made.app->set_help_flag();
  made.app->allow_extras();
  made.help = made.app->add_flag("-h,--help");
  if (takes_list(what)) made.print_config = made.app->add_flag("--print-config");
  made.operand = add_value(*made.app, "operand");
  made.config = add_value(*made.app, "--config");
  for (const setting& each : all_settings()) {
    if (!belongs_to(each, what)) continue;
    const bool flag = each.kind == setting_kind::boolean || each.kind == setting_kind::counter;
    CLI::Option* const option =
        flag ? made.app->add_flag(option_names(each)) : add_value(*made.app, option_names(each));
    made.options.emplace_back(&each, option);
  }
  return made;
}

/// `name` of `--name=value`; empty if it is no long option.
std::string_view long_name(std::string_view word) {
  if (!word.starts_with("--")) return {};
  word.remove_prefix(2);
  return word.substr(0, word.find('='));
}

failure unknown_option(const command_parser& parser, std::string_view word) {
  const std::string_view name = long_name(word);
  const std::string shown =
      name.empty() ? std::string(word.substr(0, word.find('='))) : fmt::format("--{}", name);
  std::vector<std::string_view> known{"help", "config", "print-config"};
  for (const auto& [each, option] : parser.options) known.push_back(each->name);

  std::string why = settings::did_you_mean(name, known, "--");
  const setting* const elsewhere = find_setting(name);
  if (name == "cookie" || name == "client-secret" || name == "api-key" || name == "password") {
    why =
        "; secrets are not taken from the command line: use a file (--cookies, --client-secret-file) or a "
        "variable (POFETCH_COOKIE, POFETCH_CLIENT_SECRET, POFETCH_API_KEY)";
  } else if (name == "token") {
    why = "; secrets are not taken from the command line: use --token-file or the variable POFETCH_TOKEN";
  } else if (name == "client-key-password") {
    why = "; secrets are not taken from the command line: use the variable POFETCH_CLIENT_KEY_PASSWORD";
  } else if (elsewhere != nullptr) {
    why = fmt::format("; it is for pofetch {}", commands_with(*elsewhere));
  } else if (name == "version") {
    why = "; it stands alone: pofetch --version";
  }
  return make_failure(errc::config,
                      fmt::format("pofetch {} has no option {}{}.", to_string(parser.what), shown, why));
}

failure unknown_command(std::string_view word) {
  if (word.starts_with("-")) {
    return make_failure(errc::config, fmt::format("unknown option {}; options follow the command, as in "
                                                  "'pofetch run INPUT --out DIR'.",
                                                  word.substr(0, word.find('='))));
  }
  std::array<std::string_view, all_commands.size()> names;
  std::transform(all_commands.begin(), all_commands.end(), names.begin(),
                 [](command each) { return to_string(each); });
  return make_failure(errc::config, fmt::format("unknown command '{}'{}; there are run, plan, work, "
                                                "status, verify, report, pause, resume, stop, login, "
                                                "doctor, serve, submit and watch.",
                                                word, settings::did_you_mean(word, names)));
}

/// What CLI11 could not place.
std::optional<failure> leftover(const command_parser& parser) {
  const std::vector<std::string> rest = parser.app->remaining();
  for (const std::string& word : rest) {
    if (word.size() > 1 && word.front() == '-' && word != "--") return unknown_option(parser, word);
  }
  const bool options_only = parser.what == command::login || parser.what == command::doctor ||
                            parser.what == command::serve || tells_nodes(parser.what);
  if (options_only && parser.operand->count() > 0)
    return make_failure(errc::config, fmt::format("'{}' is one word too many; pofetch {} takes options only.",
                                                  parser.operand->results().back(), to_string(parser.what)));
  for (const std::string& word : rest) {
    if (word == "--") continue;
    return make_failure(errc::config,
                        fmt::format("'{}' is one {} too many; pofetch {} takes one.", word,
                                    takes_list(parser.what) ? "input" : "folder", to_string(parser.what)));
  }
  return std::nullopt;
}

result<arguments> collect(const command_parser& parser) {
  arguments found;
  found.what = parser.what;
  found.help = parser.help->count() > 0;
  if (found.help) return found;
  if (const auto problem = leftover(parser)) return *problem;
  found.print_config = parser.print_config != nullptr && parser.print_config->count() > 0;
  if (parser.operand->count() > 0) found.operand = parser.operand->results().back();
  if (parser.config->count() > 0) found.config = parser.config->results().back();
  for (const auto& [each, option] : parser.options) {
    if (option->count() == 0) continue;
    std::vector<std::string> values = option->results();
    if (each->kind == setting_kind::counter) values = {std::to_string(option->count())};
    found.given.emplace(each->name, std::move(values));
  }
  return found;
}

/// CLI11's complaint in our words. Its own text may repeat values, so only the option's name is taken.
failure explained(const CLI::ParseError& problem) {
  const std::string text = problem.what();
  const std::string option = text.substr(0, text.find_first_of(": ="));
  const bool named = option.starts_with("-");
  const bool missing = problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch);
  if (named && missing) return make_failure(errc::config, fmt::format("{} needs a value behind it.", option));
  if (named) return make_failure(errc::config, fmt::format("{} cannot be used like that.", option));
  return make_failure(errc::config, "the command line cannot be understood; see 'pofetch --help'.");
}

}  // namespace

result<arguments> parse_arguments(const std::vector<std::string>& words) {
  CLI::App root;
  root.set_help_flag();
  root.allow_extras();
  CLI::Option* const help = root.add_flag("-h,--help");
  CLI::Option* const version = root.add_flag("-V,--version");
  CLI::Option* const manual = root.add_flag("--manual");
  CLI::Option* const completion = add_value(root, "--completion");
  std::vector<command_parser> parsers;
  parsers.reserve(all_commands.size());
  for (const command each : all_commands) parsers.push_back(add_command(root, each));
  root.require_subcommand(0, 1);

  try {
    std::vector<std::string> whole = with_values(words);
    std::reverse(whole.begin(), whole.end());  // CLI11 takes them backwards
    root.parse(std::move(whole));
  } catch (const CLI::ParseError& problem) {
    return explained(problem);
  }
  const auto chosen =
      std::find_if(parsers.begin(), parsers.end(), [](const command_parser& p) { return p.app->parsed(); });
  arguments found;
  found.help = help->count() > 0;
  found.version = version->count() > 0;
  found.manual = manual->count() > 0;
  if (completion->count() > 0) found.completion = completion->results().back();
  if (found.manual && chosen != parsers.end()) found.what = chosen->what;
  if (found.help || found.version || found.manual || found.completion) return found;
  if (const auto rest = root.remaining(); !rest.empty()) return unknown_command(rest.front());
  if (chosen == parsers.end()) return found;
  return collect(*chosen);
}

}  // namespace pofetch::cli
