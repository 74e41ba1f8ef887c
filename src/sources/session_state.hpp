#pragma once

namespace pofetch::sources {

enum class session_state {
  alive,    ///< the instance answers as it does to a user who is signed in
  expired,  ///< signing in is needed
  unknown,  ///< the instance is busy or ill: keep the session
};

}  // namespace pofetch::sources
