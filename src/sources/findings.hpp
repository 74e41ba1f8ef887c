#pragma once

#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>

#include <string>

namespace pofetch::sources {

// What `doctor` says of one thing that was looked at.

[[nodiscard]] finding fine(std::string check, std::string text);

/// A WARN.
[[nodiscard]] finding doubtful(std::string check, std::string text, std::string next_step);

/// A FAIL with the state that this failure ends a run with.
[[nodiscard]] finding failed_check(std::string check, const failure& why, std::string next_step);

}  // namespace pofetch::sources
