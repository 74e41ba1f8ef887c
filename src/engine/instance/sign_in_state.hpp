#pragma once

#include "http/cookie_file.hpp"
#include "http/cookie_jar.hpp"

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::engine {

/// The sign-in at an instance on its way between the cookie file, the environment and the jar, for all
/// batches there. Any thread; everything blocks but `changed`, `era` and the turns to renew.
class sign_in_state {
 public:
  /// Both must outlive it.
  sign_in_state(const instance_options& options, http::cookie_jar& jar);

  /// Fills the jar. Warns through `events` about a file that others may read or that has nothing for the
  /// instance. Failure config: the file or the header cannot be used.
  result<void> load(progress& events);

  /// Writes the cookie file back, in its own form, if the server has renewed a cookie since the last call,
  /// unless somebody else has replaced the file meanwhile: that one is newer. Without a cookie file there is
  /// nothing to do.
  result<void> save();

  /// Is there something that `save` would write? Any thread.
  [[nodiscard]] bool changed() const;

  /// Has somebody else replaced the cookie file since it was last read or written here?
  [[nodiscard]] bool file_replaced() const;

  /// Counts the sign-ins.
  [[nodiscard]] std::uint64_t era() const noexcept { return jar_.era(); }

  /// One at a time signs in again: nobody is asked twice for the same. False: somebody is at it.
  [[nodiscard]] bool begin_renewal() noexcept { return !renewing_.exchange(true); }
  void end_renewal() noexcept { renewing_ = false; }

  /// Takes in what the cookie file holds now. Failure config: it cannot be used; the jar is as it was.
  result<void> reload();

  /// Takes in cookies in any form of a cookie file, and writes the cookie file if there is one. `shown` names
  /// them in the failure.
  result<void> take(std::string_view text, std::string_view shown);

 private:
  [[nodiscard]] const core::origin* instance() const noexcept { return instance_ ? &*instance_ : nullptr; }
  [[nodiscard]] bool file_replaced_locked() const;
  result<void> save_locked();

  const instance_options& options_;
  http::cookie_jar& jar_;
  std::atomic<bool> renewing_{false};
  /// Guards what stands below, but for `saved_`.
  mutable std::mutex mutex_;
  std::optional<core::origin> instance_;
  std::string text_;  ///< of the cookie file, as it was last read or written; a secret
  std::atomic<std::uint64_t> saved_{0};
  std::optional<http::file_version> version_;
};

}  // namespace pofetch::engine
