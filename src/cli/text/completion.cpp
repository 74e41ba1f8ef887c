#include "cli/text/completion.hpp"

#include "cli/options.hpp"
#include "cli/text/help.hpp"

#include <fmt/format.h>

#include <vector>

namespace pofetch::cli {

namespace {

/// What may follow an option.
enum class value_kind { none, words, file, folder, other };

value_kind value_of(const setting& which) {
  // What may be left out is not asked for.
  if (which.value.empty() || which.kind == setting_kind::option) return value_kind::none;
  if (which.value.find('|') != std::string_view::npos) return value_kind::words;
  if (which.value == "FILE") return value_kind::file;
  return which.value == "DIR" ? value_kind::folder : value_kind::other;
}

std::string spaced(std::string_view words) {
  std::string out(words);
  for (char& c : out)
    if (c == '|') c = ' ';
  return out;
}

std::string command_names(std::string_view between) {
  std::string names;
  for (const command which : all_commands)
    names += fmt::format("{}{}", names.empty() ? "" : between, to_string(which));
  return names;
}

/// `--workers --out ...`, with the negative forms, as one command takes them.
std::string option_names(command what) {
  std::string names = "--help --config";
  if (takes_list(what)) names += " --print-config";
  for (const setting& each : all_settings()) {
    if (!belongs_to(each, what)) continue;
    names += fmt::format(" --{}", each.name);
    if (has_negative(each)) names += fmt::format(" --no-{}", each.name);
  }
  return names;
}

/// The cases `--a|--b)` of options whose value is of one kind.
std::string options_with(value_kind kind) {
  std::string names;
  for (const setting& each : all_settings())
    if (value_of(each) == kind) names += fmt::format("{}--{}", names.empty() ? "" : "|", each.name);
  return names;
}

/// The beginning of what bash runs: which word is completed, behind which, for which command. What is written
/// `--name=value` comes as three words.
std::string bash_head() {
  return fmt::format(R"(# bash completion for pofetch
_pofetch_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }}
_pofetch_paths() {{ compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen "$1" -- "$current"); }}
_pofetch() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= i
  COMPREPLY=()
  if [[ $current == = ]]; then
    current=
  elif [[ $before == = ]] && ((COMP_CWORD > 1)); then
    before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in {}) command=${{COMP_WORDS[i]}}; break ;; esac
  done
  if [[ -z $command ]]; then
    case $before in
      --completion) _pofetch_words "bash zsh fish" ;;
      *) _pofetch_words "{} --help --version --manual --completion" ;;
    esac
    return
  fi
)",
                     command_names("|"), command_names(" "));
}

std::string bash() {
  std::string text = bash_head() + "  case $before in\n";
  for (const setting& each : all_settings())
    if (value_of(each) == value_kind::words)
      text += fmt::format("    --{}) _pofetch_words \"{}\"; return ;;\n", each.name, spaced(each.value));
  text += fmt::format("    {}) _pofetch_paths -d; return ;;\n", options_with(value_kind::folder));
  text += fmt::format("    --config|{}) _pofetch_paths -f; return ;;\n", options_with(value_kind::file));
  text += fmt::format("    {}) return ;;\n  esac\n", options_with(value_kind::other));
  text += "  if [[ $current == -* ]]; then\n    case $command in\n";
  for (const command which : all_commands)
    text += fmt::format("      {}) _pofetch_words \"{}\" ;;\n", to_string(which), option_names(which));
  return text + "    esac\n    return\n  fi\n  _pofetch_paths -f\n}\ncomplete -F _pofetch pofetch\n";
}

/// Within single quotes, and free of what zsh's _arguments takes for marks.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out;
}

std::string zsh_option(const setting& each) {
  const std::string help = zsh_text(each.help);
  std::string value;
  switch (value_of(each)) {
    case value_kind::none:
      break;
    case value_kind::words:
      value = fmt::format(":value:({})", spaced(each.value));
      break;
    case value_kind::file:
      value = ":file:_files";
      break;
    case value_kind::folder:
      value = ":folder:_files -/";
      break;
    case value_kind::other:
      value = fmt::format(":{}: ", zsh_text(each.value));
      break;
  }
  // With `=` both forms are completed: `--name value` and `--name=value`.
  const char* const sign = value.empty() ? "" : "=";
  std::string text = fmt::format("        '*--{}{}[{}]{}' \\\n", each.name, sign, help, value);
  if (has_negative(each)) text += fmt::format("        '*--no-{}[{}]' \\\n", each.name, help);
  return text;
}

std::string zsh() {
  std::string text = "#compdef pofetch\n_pofetch() {\n  local -a commands=(\n";
  for (const command which : all_commands)
    text += fmt::format("    '{}:{}'\n", to_string(which), zsh_text(command_summary(which)));
  text +=
      "  )\n  local context state state_descr line\n  typeset -A opt_args\n"
      "  _arguments -C '(- *)--help[explain]' '(- *)--version[versions]' '(- *)--manual[page for man]' \\\n"
      "    '(- *)--completion=[for a shell]:shell:(bash zsh fish)' '1: :->command' '*:: :->rest'\n"
      "  case $state in\n    command) _describe command commands ;;\n    rest)\n      case $words[1] in\n";
  for (const command which : all_commands) {
    text += fmt::format("      {}) _arguments \\\n", to_string(which));
    for (const setting& each : all_settings())
      if (belongs_to(each, which)) text += zsh_option(each);
    if (takes_list(which)) text += "        '--print-config[print what is in force]' \\\n";
    text += "        '--config=[configuration file]:file:_files' '(- *)--help[explain]' '1: :_files' ;;\n";
  }
  return text + "      esac ;;\n  esac\n}\n_pofetch \"$@\"\n";
}

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string commands_of(const setting& which) {
  std::string names;
  for (const command what : all_commands)
    if (belongs_to(which, what)) names += fmt::format("{}{}", names.empty() ? "" : " ", to_string(what));
  return names;
}

std::string fish() {
  std::string text = "# fish completion for pofetch\n";
  for (const command which : all_commands)
    text += fmt::format("complete -c pofetch -n __fish_use_subcommand -f -a {} -d {}\n", to_string(which),
                        fish_quoted(command_summary(which)));
  for (const setting& each : all_settings()) {
    std::string value;
    if (value_of(each) == value_kind::words) value = fmt::format(" -x -a '{}'", spaced(each.value));
    if (value_of(each) == value_kind::other) value = " -x";
    if (value_of(each) == value_kind::file) value = " -r -F";
    if (value_of(each) == value_kind::folder) value = " -x -a '(__fish_complete_directories)'";
    const std::string when = fmt::format("-n '__fish_seen_subcommand_from {}'", commands_of(each));
    const std::string letter =
        short_name(each) == '\0' ? std::string{} : fmt::format(" -s {}", short_name(each));
    text += fmt::format("complete -c pofetch {}{} -l {}{} -d {}\n", when, letter, each.name, value,
                        fish_quoted(each.help));
    if (has_negative(each))
      text += fmt::format("complete -c pofetch {} -l no-{} -d {}\n", when, each.name, fish_quoted(each.help));
  }
  const std::string first = "complete -c pofetch -n __fish_use_subcommand";
  text += first + " -x -l completion -a 'bash zsh fish' -d 'For a shell.'\n";
  text += first + " -l manual -d 'Page for man.'\n";
  text += first + " -s V -l version -d 'Versions.'\n";
  text += fmt::format(
      "complete -c pofetch -n '__fish_seen_subcommand_from {}' -l config -r -F -d 'Configuration file "
      "(TOML).'\n",
      command_names(" "));
  text +=
      "complete -c pofetch -n '__fish_seen_subcommand_from run plan submit' -l print-config "
      "-d 'Print what is in force.'\n";
  return text + "complete -c pofetch -s h -l help -d 'Explain.'\n";
}

}  // namespace

result<std::string> completion_script(std::string_view shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  return make_failure(errc::config, "--completion knows bash, zsh and fish.");
}

}  // namespace pofetch::cli
