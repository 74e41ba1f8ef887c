#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// One kind of error that the API answers with.
struct problem_kind {
  std::string_view slug;
  unsigned status;
  std::string_view title;
};

/// All of them: the set is closed.
[[nodiscard]] std::span<const problem_kind> problem_kinds() noexcept;

/// What of a request is wrong.
struct member_error {
  std::string pointer;  ///< JSON pointer (RFC 6901), or the name of a query parameter
  std::string detail;
};

/// An error answer (RFC 9457), but for the id of its request.
struct problem {
  std::string_view slug;
  std::string detail{};
  std::string next_step{};
  std::vector<member_error> errors{};
  /// Of a state that does not allow it: what it does allow.
  std::vector<std::string> allowed{};
  /// Columns of a list without one for orders.
  std::vector<std::string> columns{};
  std::optional<std::chrono::seconds> retry_after{};
};

/// 500 for a slug that is none.
[[nodiscard]] const problem_kind& kind_of_problem(std::string_view slug) noexcept;

/// The body.
[[nodiscard]] std::string problem_json(const problem& what, std::string_view request_id);

}  // namespace pofetch::service
