#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <utility>

namespace pofetch::fault {

/// Everything here is told by environment variables, so that a test says it when it starts the program.
///
/// - POFETCH_FAULT_ROOT: only calls on paths beneath this folder count.
/// - POFETCH_FAULT_KINDS: which calls count, some of open,write,sync,rename,link,unlink,truncate,mkdir;
/// empty: all.
/// - POFETCH_FAULT_MATCH: only paths that hold this text count.
/// - POFETCH_FAULT_AT: number of the call, from 1, at which it happens; 0: never.
/// - POFETCH_FAULT_DO: once, from (that call and every later one fails), stall (they never come back),
/// kill_before,
///   kill_after, torn (kill after half a write).
/// - POFETCH_FAULT_ERRNO: number of the error for once and from.
/// - POFETCH_FAULT_LOG: file that gets a line for every call that counts.
/// - POFETCH_FAULT_SHADOW: folder for what is on stable storage (durable_shadow.hpp).
/// - POFETCH_FAULT_CLOCK: seconds that the wall clock is off from call POFETCH_FAULT_AT on (0: from the
/// start).
/// - POFETCH_FAULT_NAME_MAX: a file system whose names have at most so many bytes.
enum class action { once, from, stall, kill_before, kill_after, torn };

struct plan {
  std::string root;
  std::string kinds;
  std::string match;
  std::uint64_t at = 0;
  action what = action::once;
  int error = 0;
  std::string log;
  std::string shadow;
  std::int64_t clock = 0;
  std::size_t longest_name = 0;  ///< 0: as the file system has it

  static plan of_environment();

  /// Does a call of this kind on this path count?
  [[nodiscard]] bool counts(const char* kind, const std::string& path) const;
  [[nodiscard]] bool is_beneath(const std::string& path) const;
  /// Has the last part of that path beneath the root more bytes than its file system takes?
  [[nodiscard]] bool is_too_long(const std::string& path) const;
};

/// The path of an open file; empty if it has none (a socket, an unlinked file).
[[nodiscard]] std::string path_of(int file);
/// The path that `name` has, seen from the open folder.
[[nodiscard]] std::string path_at(int folder, const char* name);

}  // namespace pofetch::fault
