#pragma once

#include <chrono>
#include <string>

namespace pofetch::http {

/// How one host is being asked at the moment.
struct host_standing {
  std::string host;
  unsigned in_flight = 0;          ///< requests under way
  unsigned in_flight_limit = 0;    ///< that may be
  double requests_per_second = 0;  ///< requests started; 0: any number
  /// What is left of a pause that it asked for.
  std::chrono::milliseconds pause{0};
};

}  // namespace pofetch::http
