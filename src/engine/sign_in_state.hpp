#pragma once

#include "http/shared_state.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/error.hpp>

#include <cstdint>
#include <filesystem>

namespace pofetch::engine {

/// The sign-in of a run on its way between the cookie file, the environment and the jar.
class sign_in_state {
 public:
  /// Both must outlive it.
  sign_in_state(const batch_options& options, http::shared_state& shared);

  /// Fills the jar. Warns through `events` about a file that others may read. Failure config: the file or
  /// the header cannot be used.
  result<void> load(progress& events);

  /// Writes the cookie file back if the server has renewed a cookie since the last call. Blocks; one
  /// thread at a time. Without a cookie file there is nothing to do.
  result<void> save();

  /// Is there something that `save` would write?
  [[nodiscard]] bool changed() const;

 private:
  const batch_options& options_;
  http::shared_state& shared_;
  std::uint64_t saved_ = 0;
};

}  // namespace pofetch::engine
