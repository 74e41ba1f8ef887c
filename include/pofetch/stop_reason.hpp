#pragma once

namespace pofetch {

/// Why a batch ends before the feed is dry.
enum class stop_reason : int {
  none = 0,
  interrupted,      ///< SIGINT
  terminated,       ///< SIGTERM
  session_expired,  ///< signing in is needed
  machine,          ///< disk or ledger
};

}  // namespace pofetch
