#pragma once

#include <pofetch/error.hpp>
#include <pofetch/exit_state.hpp>

#include <span>
#include <string_view>

namespace pofetch::core {

/// May the same request succeed when it is sent again?
enum class tried_again {
  never,
  always,
  by_status,  ///< the HTTP status decides, see `is_transient`
};

/// What a failure ends.
enum class extent {
  request,  ///< what was asked for: a file, or the PO whose page it was
  body,     ///< a file while its bytes are written; where it comes up elsewhere, the run
  run,      ///< all others would fail the same way: nothing is marked as failed for it
};

/// What an error code means, wherever something is decided by it.
struct consequence {
  errc code = errc::internal;
  /// Stands in reports, see `code_word`.
  std::string_view word;
  error_kind kind = error_kind::internal;
  tried_again again = tried_again::never;
  extent ends = extent::request;
  /// Of a command that it ends: nothing was started, or the rest is still PENDING.
  exit_state exit = exit_state::machine;
  /// What a person can do about it: one sentence for a report, with marks for settings (setting_text.hpp).
  std::string_view next_step;
  /// The same for a command that it has ended, below the message; empty: the message says it.
  std::string_view to_go_on;
};

/// All of them, in the order of `errc`.
[[nodiscard]] std::span<const consequence> consequences() noexcept;

[[nodiscard]] const consequence& consequence_of(errc code) noexcept;

}  // namespace pofetch::core
