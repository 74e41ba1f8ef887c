#pragma once

#include <string>
#include <vector>

namespace pofetch::cli {

/// The program: understands the words behind its name, does what they say, and returns the exit state. Never
/// throws.
[[nodiscard]] int run_app(const std::vector<std::string>& words) noexcept;

}  // namespace pofetch::cli
