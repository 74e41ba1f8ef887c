#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::service {

using query_parameters = std::vector<std::pair<std::string, std::string>>;

/// The address in a request line, taken apart and decoded.
struct request_target {
  std::vector<std::string> segments;
  query_parameters query;
};

/// Takes it apart first, then decodes each part. Nothing: an escape that is none, a segment that is `.` or
/// `..` or holds a slash or NUL once it is decoded, a query that is no UTF-8 or holds control characters.
[[nodiscard]] std::optional<request_target> read_target(std::string_view target);

}  // namespace pofetch::service
