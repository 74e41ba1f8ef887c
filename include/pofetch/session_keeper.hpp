#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

namespace pofetch {

/// What came of it.
enum class session_news {
  holds,    ///< the session had not ended at all
  renewed,  ///< there is a new one
};

/// What can be done when the instance asks to sign in during a run. One object belongs to one
/// lane; in the whole run only one of them is called at a time.
class session_keeper {
 public:
  virtual ~session_keeper() = default;

  /// The instance has asked to sign in: `why`. Comes back when the session holds, so that what was refused is
  /// worth another try; that may take as long as a person needs. Failure: no session will come, the run has
  /// to end. Cancellable.
  [[nodiscard]] virtual awaitable<result<session_news>> renew(const failure& why) = 0;
};

}  // namespace pofetch
