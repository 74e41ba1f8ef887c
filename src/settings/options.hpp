#pragma once

#include "settings/remote_options.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/batch.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace pofetch::settings {

enum class command {
  run,
  plan,
  work,
  status,
  verify,
  report,
  pause,
  resume,
  stop,
  login,
  doctor,
  serve,
  submit,
  watch
};
inline constexpr std::array all_commands{command::run,    command::plan,   command::work,   command::status,
                                         command::verify, command::report, command::pause,  command::resume,
                                         command::stop,   command::login,  command::doctor, command::serve,
                                         command::submit, command::watch};

/// `run`, `plan`, ...
[[nodiscard]] std::string_view to_string(command which) noexcept;

/// Is its operand a list of purchase orders? Else it is the folder of a batch, or its address at a service.
[[nodiscard]] constexpr bool takes_list(command which) noexcept {
  return which == command::run || which == command::plan || which == command::work ||
         which == command::submit;
}

/// Does it fetch?
[[nodiscard]] constexpr bool fetches(command which) noexcept {
  return which == command::run || which == command::work;
}

/// Does it tell the nodes of a batch what to do?
[[nodiscard]] constexpr bool tells_nodes(command which) noexcept {
  return which == command::pause || which == command::resume || which == command::stop;
}

/// Does it ask a service?
[[nodiscard]] constexpr bool asks_service(command which) noexcept {
  return which == command::submit || which == command::watch;
}

/// Does it ask an instance?
[[nodiscard]] constexpr bool reaches_out(command which) noexcept {
  return (takes_list(which) && !asks_service(which)) || which == command::login || which == command::doctor;
}

enum class progress_mode { automatic, bar, plain, json, none };

/// All options of all commands, with their defaults.
struct options {
  /// `input` is INPUT of run and plan, `out` is also DIR of the other commands.
  batch_options batch;
  /// Reports in addition to DIR/report.csv.
  std::vector<std::filesystem::path> reports;
  /// Where `pofetch report` writes.
  std::filesystem::path report_to;
  /// Where `pofetch login` writes the cookies.
  std::filesystem::path save;
  /// The browser that signs in: its driver, which one, without a window, and how long it may take.
  std::string driver;
  std::string browser;
  bool headless = false;
  std::chrono::milliseconds sign_in_timeout{std::chrono::minutes{10}};
  /// What `pofetch doctor` reads for a test, and in which form it answers.
  std::string po_number;
  bool json = false;
  progress_mode progress = progress_mode::automatic;
  std::filesystem::path log_file;
  /// 0 warnings, 1 what happens, 2 everything.
  unsigned verbose = 0;
  bool quiet = false;
  /// Of `pofetch serve`.
  serve_options serve;
  /// Of `pofetch submit` and `pofetch watch`.
  remote_options remote;
};

}  // namespace pofetch::settings
