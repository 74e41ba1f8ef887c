#include "http/time_limits.hpp"

#include <fmt/format.h>

namespace pofetch::http {

std::string in_seconds(std::chrono::milliseconds span) {
  return fmt::format("{:g} s", static_cast<double>(span.count()) / 1000.0);
}

}  // namespace pofetch::http
