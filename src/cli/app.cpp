#include "cli/app.hpp"

#include "async/call_within.hpp"
#include "cli/arguments.hpp"
#include "cli/check_options.hpp"
#include "cli/commands/commands.hpp"
#include "cli/text/completion.hpp"
#include "cli/text/flag_text.hpp"
#include "cli/text/help.hpp"
#include "cli/text/manual_page.hpp"
#include "cli/text/print_config.hpp"
#include "core/setting_text.hpp"
#include "settings/check_files.hpp"
#include "settings/environment.hpp"
#include "settings/file/config_file.hpp"
#include "settings/resolve.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <optional>
#include <sys/resource.h>

namespace pofetch::cli {

namespace {

/// Bodies under way are open files, and the usual 1,024 are soon used up; what the system allows beyond is
/// there for the asking.
void raise_file_limit() {
  constexpr rlim_t plenty = 65'536;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= plenty) return;
  files.rlim_cur = std::min(files.rlim_max, plenty);
  ::setrlimit(RLIMIT_NOFILE, &files);
}

exit_state usage(const failure& why) {
  complain(why.message);
  return exit_state::usage;
}

/// For the doctor what is wrong with the settings is a finding like others.
exit_state unusable(const arguments& line, const failure& why) {
  if (*line.what == command::doctor) return doctor_refused(why, line.given.contains("json"));
  return usage(why);
}

/// Others on the machine can see a command line, and the shell keeps it: not even an address that is of no
/// use may hold one.
result<void> check_ledger(const settings::resolution& decided) {
  const auto from = decided.origins.find("ledger");
  const bool on_line = from != decided.origins.end() && from->second.from == settings::origin::flag;
  if (!on_line || !has_ledger_password(decided.values.batch.nodes.address)) return {};
  return make_failure(
      errc::config,
      "--ledger must not hold a password, which others on this machine could see; put it into the file of "
      "PGPASSFILE (~/.pgpass), or the whole address into the variable POFETCH_LEDGER.");
}

/// What must hold before anything is started.
result<void> check_all(const settings::resolution& decided) {
  result<void> good = check_options(decided);
  if (good && asks_service(decided.what)) return settings::check_files(decided.values.batch);
  if (!good || !reaches_out(decided.what)) return good;
  good = validate(decided.values.batch);
  return good ? settings::check_files(decided.values.batch) : good;
}

/// The doctor is asked just when a network folder may be gone, which a mere look at a file would wait for.
result<void> check_in_time(const settings::resolution& decided) {
  constexpr std::chrono::seconds limit{15};
  auto never = [] { return false; };
  const auto good = async::call_within(limit, never, [decided] { return check_all(decided); });
  if (good) return *good;
  return make_failure(errc::disk,
                      fmt::format("the files that the options name did not answer within {} s; are "
                                  "they on a network folder, or a disk, that is gone?",
                                  limit.count()));
}

exit_state printed(std::string_view text) { return print(text) ? exit_state::ok : exit_state::machine; }

exit_state dispatch(const arguments& line, const settings::resolution& decided) {
  const options& values = decided.values;
  switch (*line.what) {
    case command::run:
    case command::work:
      return command_run(line, values);
    case command::pause:
      return command_tell(values, node_wish::pause);
    case command::resume:
      return command_tell(values, node_wish::run);
    case command::stop:
      return command_tell(values, node_wish::stop);
    case command::plan:
      return command_plan(line, values);
    case command::status:
      return command_status(values);
    case command::verify:
      return command_verify(values);
    case command::report:
      return command_report(values);
    case command::login:
      return command_login(values);
    case command::doctor:
      return command_doctor(values);
    case command::serve:
      return command_serve(line, values);
    case command::submit:
      return command_submit(decided);
    case command::watch:
      return command_watch(values);
  }
  return exit_state::usage;
}

exit_state run_command(const arguments& line) {
  const auto variables = settings::environment::of_process();
  const auto file = load_config_file(line.config, variables);
  if (!file) return unusable(line, file.error());
  const result<settings::resolution> decided = resolve(command_line_of(line), variables, *file);
  if (!decided) return unusable(line, decided.error());
  if (const result<void> safe = check_ledger(*decided); !safe) return unusable(line, safe.error());
  if (line.print_config) return printed(print_config(*decided, variables));
  const result<void> good = decided->what == command::doctor ? check_in_time(*decided) : check_all(*decided);
  if (!good) return unusable(line, good.error());
  if (!decided->values.quiet) {
    for (const std::string& text : variables.warnings()) warn(text);
    for (const std::string& text : option_warnings(*decided)) warn(text);
  }
  return dispatch(line, *decided);
}

exit_state run_words(const std::vector<std::string>& words) {
  const result<arguments> line = parse_arguments(words);
  if (!line) return usage(line.error());
  if (line->help) return printed(help_text(line->what));
  if (line->version) return printed(version_text());
  if (line->manual) return printed(line->what == command::serve ? manual_page_of_serve() : manual_page());
  if (line->completion) {
    const result<std::string> script = completion_script(*line->completion);
    return script ? printed(*script) : usage(script.error());
  }
  if (!line->what) {
    complain("a command is missing; 'pofetch --help' lists them.");
    return exit_state::usage;
  }
  return run_command(*line);
}

}  // namespace

int run_app(const std::vector<std::string>& words) noexcept {
  // A reader that goes away (`pofetch status | head`) is an error of the write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  // SQLite would count its memory, under a lock for every block. The program has it to itself, a library has
  // not.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  core::spell_settings(&flag_text);
  try {
    return static_cast<int>(run_words(words));
  } catch (const std::bad_alloc&) {
    complain("out of memory; what was finished is saved.");
  } catch (const std::exception& problem) {
    complain(std::string("internal error; please report it: ") + problem.what());
  } catch (...) {
    complain("internal error; please report it.");
  }
  return static_cast<int>(exit_state::machine);
}

}  // namespace pofetch::cli
