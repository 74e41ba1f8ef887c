#pragma once

#include "support/origin.hpp"
#include "support/origin_line.hpp"

#include <string>

namespace pofetch::testing {

/// Reads the requests of one connection, one after another.
class origin_reader {
 public:
  explicit origin_reader(origin_line& line) : line_(line) {}

  /// False when the client has left, or does not speak HTTP. Bodies need a Content-Length.
  bool read(origin_request& request);

 private:
  bool fill();

  origin_line& line_;
  std::string unread_;
};

}  // namespace pofetch::testing
