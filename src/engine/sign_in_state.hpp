#pragma once

#include "http/cookie_file.hpp"
#include "http/shared_state.hpp"

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::engine {

/// The sign-in of a run on its way between the cookie file, the environment and the jar. Everything blocks
/// and is called by one thread at a time, but for `changed`.
class sign_in_state {
 public:
  /// Both must outlive it.
  sign_in_state(const instance_options& options, http::shared_state& shared);

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

  /// Takes in what the cookie file holds now. Failure config: it cannot be used; the jar is as it was.
  result<void> reload();

  /// Takes in cookies in any form of a cookie file, and writes the cookie file if there is one. `shown` names
  /// them in the failure.
  result<void> take(std::string_view text, std::string_view shown);

 private:
  [[nodiscard]] const core::origin* instance() const noexcept { return instance_ ? &*instance_ : nullptr; }

  const instance_options& options_;
  http::shared_state& shared_;
  std::optional<core::origin> instance_;
  std::string text_;  ///< of the cookie file, as it was last read or written; a secret
  std::atomic<std::uint64_t> saved_{0};
  std::optional<http::file_version> version_;
};

}  // namespace pofetch::engine
