#include "cli/text/manual_page.hpp"

#include "cli/options.hpp"
#include "cli/text/help.hpp"

#include <pofetch/version.hpp>

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace pofetch::cli {

namespace {

/// Text as man(7) shows it to the letter: `\` and `-` mean something else there, and so does a line that
/// begins with `.` or `'`.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string section(std::string_view name) { return fmt::format(".SH {}\n", name); }

std::string entry(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", plain(term), plain(text));
}

std::string commands() {
  std::string text = section("COMMANDS");
  for (const command which : all_commands) {
    text += entry(fmt::format("{} {}", to_string(which), command_operands(which)), command_summary(which));
  }
  return text;
}

/// Of all commands, or of one.
std::string option_entries(std::optional<command> only = std::nullopt) {
  std::string text = section("OPTIONS");
  std::string_view group;
  for (const setting& each : all_settings()) {
    if (only && !belongs_to(each, *only)) continue;
    if (each.group != group) text += fmt::format(".SS {}\n", plain(each.group));
    group = each.group;
    const std::string help =
        only ? std::string(each.help) : fmt::format("{} ({})", each.help, commands_with(each));
    text += entry(option_usage(each), help);
  }
  text += ".SS \"Every command\"\n";
  text += entry("--config FILE",
                "Configuration file (TOML). Else ./pofetch.toml, else ~/.config/pofetch/config.toml.");
  text += entry("-h, --help", "Explains the command.");
  return text;
}

constexpr std::string_view description =
    "Takes a list of purchase orders, finds the attachments of each in the procurement system that holds "
    "them, "
    "and fetches them to a folder, many at once. What is there at the end is whole and verified. The same "
    "command again goes on where it stopped, or tries again what failed.";

std::string surroundings() {
  std::string text = section("ENVIRONMENT");
  text += plain(
              "Every option can be given as a variable: --max-file-size as POFETCH_MAX_FILE_SIZE. Flag beats "
              "variable beats file beats default. Secrets come from files and variables only.") +
          "\n";
  text += entry("POFETCH_COOKIE", "A Cookie header, instead of the option --cookies.");
  text += entry("POFETCH_CLIENT_SECRET", "The secret of the client named with --client-id.");
  text += entry("POFETCH_API_KEY", "Key for the source api, where there is no --client-id.");
  text += entry("POFETCH_TOKEN", "The token of submit and watch for their service.");
  text += entry("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "The company's proxy, and what is reached without it.");
  text += section("FILES");
  text += entry("DIR/<folders>/<PO>/", "Whole, verified files.");
  text += entry("DIR/report.csv", "What became of every purchase order.");
  text += entry("DIR/.pofetch/", "The state of the batch, and bodies under way. Leave it where it is.");
  text += section("EXIT STATUS");
  for (const auto& [status, meaning] : exit_states()) text += entry(status, meaning);
  return text;
}

constexpr std::string_view examples = R"(.SH EXAMPLES
What is there to fetch?
.PP
.nf
    pofetch plan orders.csv \-\-base\-url https://acme.coupahost.com \-\-cookies cookies.txt
.fi
.PP
Fetch it; after a stop of whatever kind the same line again.
.PP
.nf
    pofetch run orders.csv \-\-base\-url https://acme.coupahost.com \-\-cookies cookies.txt \-\-out files
.fi
.PP
Let a service fetch it, and look on.
.PP
.nf
    pofetch submit orders.csv \-\-to https://pofetch.example.com \-\-watch
.fi
.PP
Is everything still there and unchanged?
.PP
.nf
    pofetch verify files
.fi
)";

constexpr std::string_view description_of_serve =
    "A service for other programs: they submit lists of purchase orders over HTTP, follow the batches that "
    "become of them, and fetch files and reports. Batches wait in a queue that survives everything, and "
    "share "
    "the limits of each instance and one sign-in to it. What it takes and answers is described by itself at "
    "/openapi.json.";

constexpr std::string_view examples_of_serve = R"(.SH EXAMPLES
On this machine only, with the profiles of a configuration file.
.PP
.nf
    pofetch serve \-\-data /var/lib/pofetch\-serve \-\-config serve.toml
.fi
.PP
A token for a program; the line goes to the file of \-\-tokens.
.PP
.nf
    pofetch serve \-\-new\-token erp \-\-scope read,submit
.fi
.PP
For other machines: with TLS and tokens.
.PP
.nf
    pofetch serve \-\-data data \-\-listen 0.0.0.0:8443 \-\-tokens tokens \-\-tls\-cert cert.pem \-\-tls\-key key.pem
.fi
)";

std::string surroundings_of_serve() {
  std::string text = section("SIGNALS");
  text +=
      entry("SIGTERM, SIGINT",
            "No new clients and batches; those at work are stopped in order and go on with the next start. A "
            "second one ends it at once.");
  text += entry("SIGHUP", "Tokens and certificates are read anew. What cannot be used changes nothing.");
  text += section("SYSTEMD");
  text +=
      plain(
          "Sockets that systemd has opened take the place of the default address; one of the name metrics "
          "is for metrics. It says when it is ready, reloading and stopping, and feeds the watchdog.") +
      "\n";
  text += section("FILES");
  text += entry("DIR/service.db", "Index of the batches.");
  text +=
      entry("DIR/batches/ID/out/", "Files, report and state of a batch; a folder as pofetch run makes it.");
  text += entry("/etc/pofetch/serve.toml", "Configuration of pofetch-serve.service.");
  text += section("EXIT STATUS");
  text += entry("0", "Ended in order.");
  text += entry("2", "An option, a file that it names, or an address cannot be used.");
  text += entry("4", "The folder or its index cannot be used, or another service works there.");
  text += entry("143", "A batch did not end in time; its state is saved.");
  return text;
}

}  // namespace

std::string manual_page_of_serve() {
  std::string page =
      fmt::format(".TH POFETCH-SERVE 1 \"\" \"pofetch {}\" \"User Commands\"\n", pofetch::version);
  page += section("NAME") + plain("pofetch-serve") + " \\- " +
          plain("runs batches for other programs, over HTTP") + "\n";
  page += section("SYNOPSIS") + ".B pofetch serve\n\\-\\-data\n.I DIR\n[\\fIOPTION\\fR]...\n";
  page += section("DESCRIPTION") + plain(description_of_serve) + "\n";
  page += option_entries(command::serve);
  page += surroundings_of_serve();
  page += examples_of_serve;
  page += section("SEE ALSO") + ".BR pofetch (1)\n";
  return page;
}

std::string manual_page() {
  std::string page = fmt::format(".TH POFETCH 1 \"\" \"pofetch {}\" \"User Commands\"\n", pofetch::version);
  page += section("NAME") + plain("pofetch") + " \\- " + plain("fetches the attachments of purchase orders") +
          "\n";
  page += section("SYNOPSIS") + ".B pofetch\n.I COMMAND\n[\\fIOPTION\\fR]...\n";
  page += section("DESCRIPTION") + plain(description) + "\n";
  page += commands();
  page += option_entries();
  page += surroundings();
  page += examples;
  return page;
}

}  // namespace pofetch::cli
