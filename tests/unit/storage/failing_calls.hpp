#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

namespace pofetch::test {

/// Not an errno: the call reads or writes only half of what it was asked to.
inline constexpr int only_half = -1;

/// While it is there, the calls of the system that storage may make are counted in this thread, and fail
/// where it says. Whatever is synced is not: nobody pulls the plug. One at a time.
class failing_calls {
 public:
  /// Answers of a system on which a call always fails: its name to an errno.
  using lacking = std::map<std::string_view, int>;

  /// The call number `at` (from 1; 0: none) fails with `error`. Of what the system lacks, every call fails.
  explicit failing_calls(std::size_t at = 0, int error = 0, lacking system = {});
  ~failing_calls();
  failing_calls(const failing_calls&) = delete;
  failing_calls& operator=(const failing_calls&) = delete;

  /// The names of all calls so far.
  [[nodiscard]] const std::vector<std::string_view>& made() const noexcept { return made_; }

  /// For the functions that stand in for the system's: what this call is to answer, 0 if it is to be made.
  [[nodiscard]] static int answer(std::string_view name);

 private:
  std::size_t at_;
  int error_;
  lacking system_;
  std::vector<std::string_view> made_;
};

}  // namespace pofetch::test
