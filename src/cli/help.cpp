#include "cli/help.hpp"

#include "cli/settings.hpp"
#include "core/ascii.hpp"

#include <fmt/format.h>

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

std::string left_side(const setting& which) {
  std::string left = short_name(which) == '\0' ? "" : fmt::format("-{}, ", short_name(which));
  left += which.name == "breaker" ? "--[no-]breaker" : fmt::format("--{}", which.name);
  // A list of words is too wide for the column; it goes in front of the text.
  return which.value.empty() || which.value.find('|') != std::string_view::npos
             ? left
             : fmt::format("{} {}", left, which.value);
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
  return row(left_side(which), text);
}

std::string setting_rows(command what) {
  std::string text;
  std::string_view group;
  for (const setting& each : settings()) {
    if (!belongs_to(each, what)) continue;
    if (each.group != group) text += fmt::format("\n{}:\n", each.group);
    group = each.group;
    text += setting_row(each);
  }
  text +=
      row("--config FILE", "Configuration file (TOML). [./pofetch.toml, else ~/.config/pofetch/config.toml]");
  if (what == command::run || what == command::plan) {
    text += row("--print-config", "Print what is in force and where it comes from, and do nothing.");
  }
  return text + row("-h, --help", "This text.");
}

constexpr std::string_view list_text =
    "INPUT is the list of purchase orders: CSV, TSV, JSON Lines or plain text; - is standard input. With a "
    "url column it is a manifest: one row an attachment.";

std::string usage(command what) {
  switch (what) {
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
    case command::status:
      return "Usage: pofetch status DIR [options]\n\nTells where the batch in DIR stands, also while a run "
             "works "
             "on it.\n";
    case command::verify:
      return "Usage: pofetch verify DIR [options]\n\n" +
             wrapped(
                 "Reads every file of the batch in DIR again and compares it with what was recorded. Changes "
                 "nothing; the next run fetches what is missing or wrong.",
                 0) +
             "\n";
    case command::report:
      return "Usage: pofetch report DIR --to FILE [options]\n\nWrites the report of the batch in DIR again: "
             ".csv, "
             ".json or .jsonl.\n";
  }
  return {};
}

std::string overview() {
  std::string text =
      "pofetch fetches the attachments of purchase orders.\n\n"
      "Usage: pofetch COMMAND ...\n\nCommands:\n";
  text += row("run INPUT --out DIR", "Fetch; run again to resume or to retry.");
  text += row("plan INPUT", "Discover only: what there is, how many bytes.");
  text += row("status DIR", "Where a batch stands.");
  text += row("verify DIR", "Read every file again and compare it with what was recorded.");
  text += row("report DIR --to FILE", "Write the report again.");
  text += row("COMMAND --help", "More on one command.");
  text += row("--version", "Versions of pofetch and its libraries.");
  return text;
}

std::string closing() {
  return "\n" +
         wrapped(
             "Every option can also stand in the configuration file (max-file-size = \"2G\") or in a "
             "variable (POFETCH_MAX_FILE_SIZE). Flag beats variable beats file beats default.",
             0) +
         "\n\nExit status:\n" + row("0", "Every purchase order is complete, or has no attachments.") +
         row("1", "Finished, but some purchase order is not complete.") +
         row("2", "Usage, configuration or input; nothing was started.") +
         row("3", "Signing in is needed; the rest is still PENDING.") +
         row("4", "This machine: disk full, no permission, folder in use; state is saved.") +
         row("130, 143", "Stopped by Ctrl-C or SIGTERM; state is saved.");
}

}  // namespace

std::string help_text(std::optional<command> what) {
  if (what) return usage(*what) + setting_rows(*what) + closing();
  return overview() + "\nOptions of run and plan\n" + setting_rows(command::run) + closing();
}

}  // namespace pofetch::cli
