#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <utility>

namespace pofetch::core {

/// What the user gave cannot be used: nothing is started.
[[nodiscard]] inline failure refused(std::string message) {
  return make_failure(errc::config, std::move(message));
}

}  // namespace pofetch::core
