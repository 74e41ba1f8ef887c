#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

/// A copy of the process's environment variables, so that rules about them can be tested.
class environment {
 public:
  environment() = default;
  explicit environment(std::map<std::string, std::string, std::less<>> variables);

  /// What the process was started with.
  [[nodiscard]] static environment of_process();

  /// Nothing also if the variable is empty: an empty text sets nothing.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;

  /// One sentence for every POFETCH_ variable that has no effect: a setting of a later version, or most
  /// likely a misspelt one. Values are not shown.
  [[nodiscard]] std::vector<std::string> warnings() const;

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace pofetch::settings
