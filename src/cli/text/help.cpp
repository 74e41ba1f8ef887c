#include "cli/text/help.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace pofetch::cli {

namespace {

constexpr std::size_t page_width = 80;
constexpr std::size_t text_column = 26;

/// Text from the given column on, wrapped at spaces, further lines indented to that column.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string out;
  std::size_t at = column;
  for (const std::string_view word : core::split(text, ' ')) {
    if (at > column && at + 1 + word.size() > page_width) {
      out += "\n" + std::string(column, ' ');
      at = column;
    }
    if (at > column) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word.size();
  }
  return out;
}

std::string row(std::string_view left, std::string_view text) {
  std::string line = fmt::format("  {}", left);
  if (line.size() + 2 > text_column) {
    line += "\n" + std::string(text_column, ' ');
  } else {
    line.resize(text_column, ' ');
  }
  return line + wrapped(text, text_column) + "\n";
}

std::string option_name(const setting& which) {
  const std::string left = short_name(which) == '\0' ? "" : fmt::format("-{}, ", short_name(which));
  return fmt::format("{}--{}{}", left, has_negative(which) ? "[no-]" : "", which.name);
}

std::string default_of(const setting& which) {
  if (!which.preset.empty()) return std::string(which.preset);
  const std::vector<std::string> values = which.show(options{});
  if (values.empty() || values.front().empty()) return {};
  if (which.kind == setting_kind::boolean) return values.front() == "true" ? "on" : "off";
  return values.front();
}

std::string setting_row(const setting& which) {
  const bool words = which.value.find('|') != std::string_view::npos;
  std::string text = words ? fmt::format("{}: {}", which.value, which.help) : std::string(which.help);
  if (const std::string preset = default_of(which); !preset.empty()) text += fmt::format(" [{}]", preset);
  // A list of words is too wide for the column; it goes in front of the text.
  return row(words ? option_name(which) : option_usage(which), text);
}

std::string setting_rows(command topic) {
  std::string text;
  std::string_view group;
  for (const setting& each : all_settings()) {
    if (!belongs_to(each, topic)) continue;
    if (each.group != group) text += fmt::format("\n{}:\n", each.group);
    group = each.group;
    text += setting_row(each);
  }
  text +=
      row("--config FILE", "Configuration file (TOML). [./pofetch.toml, else ~/.config/pofetch/config.toml]");
  if (takes_list(topic)) {
    text += row("--print-config", "Print what is in force and where it comes from, and do nothing.");
  }
  return text + row("-h, --help", "This text.");
}

constexpr std::string_view list_text =
    "INPUT is the list of purchase orders: a workbook (XLSX), CSV, TSV, JSON Lines or plain text; - is "
    "standard "
    "input. With a url column it is a manifest: one row an attachment. --source api --all stands in place of "
    "INPUT: all orders of the instance.";

constexpr std::string_view remote_text =
    "URL is https://HOST, for a service on this machine also http://127.0.0.1:8080 or "
    "unix:/run/pofetch/api.sock. Its token comes from --token-file or POFETCH_TOKEN.";

std::string usage(command topic) {
  switch (topic) {
    case command::run:
      return "Usage: pofetch run INPUT --out DIR [--base-url URL] [options]\n\n" +
             wrapped(
                 "Fetches the attachments of all purchase orders. The same command again goes on where it "
                 "stopped, or tries again what failed.",
                 0) +
             "\n\n" + wrapped(list_text, 0) + "\n";
    case command::plan:
      return "Usage: pofetch plan INPUT [--base-url URL] [options]\n\n" +
             wrapped(
                 "Looks up what there is to fetch, and how many bytes, without fetching. Takes the options "
                 "of 'run'; those about files and folders have no effect.",
                 0) +
             "\n\n" + wrapped(list_text, 0) + "\n";
    case command::work:
      return "Usage: pofetch work [INPUT] --ledger URL --out DIR [--batch NAME] [options]\n\n" +
             wrapped(
                 "Fetches as one of many machines that work on one batch: each runs the same command. The "
                 "first "
                 "takes the list in, others join; without INPUT a node joins a batch that is there. DIR is a "
                 "folder "
                 "that all of them share, --ledger their database. A node may be killed, stopped or added at "
                 "any "
                 "time.",
                 0) +
             "\n\n" + wrapped(list_text, 0) + "\n";
    case command::pause:
      return "Usage: pofetch pause --ledger URL [--batch NAME]\n\nNo node of the batch begins anything more, "
             "until "
             "pofetch resume.\n";
    case command::resume:
      return "Usage: pofetch resume --ledger URL [--batch NAME]\n\nThe nodes of a batch go on after pofetch "
             "pause.\n";
    case command::stop:
      return "Usage: pofetch stop --ledger URL [--batch NAME]\n\nAll nodes of the batch end as after "
             "SIGTERM. The same "
             "command as before goes on.\n";
    case command::status:
      return "Usage: pofetch status DIR | --ledger URL [--batch NAME] [options]\n\n" +
             wrapped("Tells where the batch in DIR stands, also while a run works on it.", 0) + "\n";
    case command::verify:
      return "Usage: pofetch verify DIR | [DIR] --ledger URL [--batch NAME] [options]\n\n" +
             wrapped(
                 "Reads every file of the batch in DIR again and compares it with what was recorded. Changes "
                 "nothing; the next run fetches what is missing or wrong.",
                 0) +
             "\n";
    case command::login:
      return "Usage: pofetch login --base-url URL --save FILE [options]\n\n" +
             wrapped(
                 "Opens a browser of its own at the instance, waits until you have signed in there, and "
                 "keeps "
                 "the session's cookies for --cookies. No password passes through pofetch.",
                 0) +
             "\n";
    case command::doctor:
      return "Usage: pofetch doctor [--base-url URL] [--out DIR] [options]\n\n" +
             wrapped(
                 "Looks whether a batch could run with these options: settings, folder, name, proxy, TLS, "
                 "session "
                 "(with --source api, access token or API key), one purchase order, and how much it helps to "
                 "ask for several things at once. Each line "
                 "says OK, "
                 "WARN or FAIL, and what to do. Ends with 0 (OK or WARN only), or by the worst FAIL: 2 "
                 "settings, "
                 "network or TLS, 3 signing in, 4 this machine.",
                 0) +
             "\n";
    case command::serve:
      return "Usage: pofetch serve --data DIR [--listen HOST:PORT] [options]\n\n" +
             wrapped(
                 "Runs batches for other programs, which talk HTTP and JSON with it: lists are submitted, "
                 "queued, "
                 "run a few at a time, paused, resumed and tried again, and survive a restart. /openapi.json "
                 "names "
                 "the routes. Instances and who signs in there stand in the configuration file, as "
                 "[profile.NAME] "
                 "with base-url, source, cookies or client-id, and what else run has for the network. Ends "
                 "with 0 "
                 "after SIGTERM or Ctrl-C; SIGHUP reads the tokens again.",
                 0) +
             "\n";
    case command::submit:
      return "Usage: pofetch submit INPUT --to URL [options]\n\n" +
             wrapped(
                 "Hands a list to a service (pofetch serve), which runs it as a batch, and says where it is. "
                 "Options of "
                 "the batch that are not given are the service's own. An answer that is lost on the way does "
                 "not make "
                 "a second batch. --watch follows it; Ctrl-C then ends the looking on only.",
                 0) +
             "\n\n" + wrapped(remote_text, 0) + "\n";
    case command::watch:
      return "Usage: pofetch watch URL/ID [options]\n\n" +
             wrapped(
                 "Follows a batch that a service runs, on the screens of 'run', until it has ended, and ends "
                 "with the "
                 "state that the run would have had. It goes on by itself when the connection is lost or the "
                 "service "
                 "is started again; after 10 minutes without it, it ends with 4. Ctrl-C leaves the batch "
                 "running.",
                 0) +
             "\n\n" + wrapped(remote_text, 0) + "\n";
    case command::report:
      return "Usage: pofetch report DIR --to FILE [options], or with --ledger URL for DIR\n\nWrites the "
             "report of the "
             "batch in DIR again: "
             ".csv, "
             ".json, .jsonl or .xlsx.\n";
  }
  return {};
}

std::string overview() {
  std::string text =
      "pofetch fetches the attachments of purchase orders.\n\n"
      "Usage: pofetch COMMAND ...\n\nCommands:\n";
  for (const command which : all_commands) {
    text += row(fmt::format("{} {}", to_string(which), command_operands(which)), command_summary(which));
  }
  text += row("COMMAND --help", "More on one command.");
  text += row("--version", "Versions of pofetch and its libraries.");
  text += row("--manual", "This and more as a page for man.");
  text += row("--completion SHELL", "Makes bash, zsh or fish complete commands and options.");
  return text;
}

std::string closing() {
  std::string text =
      "\n" +
      wrapped(
          "Every option can also stand in the configuration file (max-file-size = \"2G\") or in a "
          "variable (POFETCH_MAX_FILE_SIZE). Flag beats variable beats file beats default.",
          0) +
      "\n\nExit status:\n";
  for (const auto& [status, meaning] : exit_states()) text += row(status, meaning);
  return text;
}

}  // namespace

std::string_view command_operands(command which) noexcept {
  switch (which) {
    case command::run:
      return "INPUT --out DIR";
    case command::plan:
      return "INPUT";
    case command::work:
      return "[INPUT] --ledger URL --out DIR";
    case command::pause:
    case command::resume:
    case command::stop:
      return "--ledger URL";
    case command::status:
    case command::verify:
      return "DIR";
    case command::report:
      return "DIR --to FILE";
    case command::login:
      return "--base-url URL --save FILE";
    case command::doctor:
      return "--base-url URL --out DIR";
    case command::serve:
      return "--data DIR";
    case command::submit:
      return "INPUT --to URL";
    case command::watch:
      return "URL/ID";
  }
  return {};
}

std::string_view command_summary(command which) noexcept {
  switch (which) {
    case command::run:
      return "Fetch; run again to resume or to retry.";
    case command::plan:
      return "Discover only: what there is, how many bytes.";
    case command::work:
      return "Fetch as one of many machines on one batch.";
    case command::pause:
      return "Let all of them pause.";
    case command::resume:
      return "Let them go on.";
    case command::stop:
      return "Let all of them stop.";
    case command::status:
      return "Where a batch stands.";
    case command::verify:
      return "Read every file again and compare it with what was recorded.";
    case command::report:
      return "Write the report again.";
    case command::login:
      return "Sign in with a browser, keep the session.";
    case command::doctor:
      return "Check settings, folder, network and session; advise.";
    case command::serve:
      return "Run batches for other programs, over HTTP.";
    case command::submit:
      return "Hand a list to such a service.";
    case command::watch:
      return "Follow a batch that a service runs.";
  }
  return {};
}

std::string option_usage(const setting& which) {
  return which.value.empty() ? option_name(which) : fmt::format("{} {}", option_name(which), which.value);
}

std::span<const std::pair<std::string_view, std::string_view>> exit_states() noexcept {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> all{{
      {"0", "Every purchase order is complete, or has no attachments."},
      {"1", "Finished, but some purchase order is not complete."},
      {"2", "Usage, configuration or input; nothing was started."},
      {"3", "Signing in is needed; the rest is still PENDING."},
      {"4", "This machine: disk full, no permission, folder in use; state is saved."},
      {"130, 143", "Stopped by Ctrl-C or SIGTERM; state is saved."},
  }};
  return all;
}

std::string help_text(std::optional<command> topic) {
  if (topic) return usage(*topic) + setting_rows(*topic) + closing();
  return overview() + "\nOptions of run and plan\n" + setting_rows(command::run) + closing();
}

}  // namespace pofetch::cli
