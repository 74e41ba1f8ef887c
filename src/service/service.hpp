#pragma once

#include "settings/serve_options.hpp"

#include <pofetch/exit_state.hpp>

#include <functional>
#include <string_view>

namespace pofetch::service {

using settings::serve_options;

/// Where the service says something to people.
struct voice {
  std::function<void(std::string_view)> tell;      ///< a line
  std::function<void(std::string_view)> warn;      ///< a sentence
  std::function<void(std::string_view)> complain;  ///< why it does not start, or ends
};

/// Runs the service until SIGTERM or SIGINT, which end it in order; a second one ends the process at once.
/// SIGHUP reads tokens and certificates anew. Says `listening on ...` for each address when it is ready.
/// Blocks. Returns ok after an orderly end; usage: an option or address that cannot be used; machine: the
/// folder or the index; terminated: runs did not end in their time.
[[nodiscard]] exit_state serve(const serve_options& options, const voice& says);

}  // namespace pofetch::service
