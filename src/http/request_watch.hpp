#pragma once

#include <pofetch/error.hpp>

#include <chrono>

namespace pofetch::http {

/// Hears of every request that is sent to servers. Called on any lane, also on several at the same time; must
/// return quickly and not throw.
class request_watch {
 public:
  virtual ~request_watch() = default;

  struct facts {
    bool file = false;          ///< a file was asked for; else a page, a record or a token
    int status = 0;             ///< of the answer; 0: none came
    errc why = errc::internal;  ///< why none came
    /// From the request to the head of its answer.
    std::chrono::steady_clock::duration waited{};
  };
  /// It has its answer, or will not get one. Each hop of a redirect counts.
  virtual void request_ended(const facts& what) = 0;
};

}  // namespace pofetch::http
