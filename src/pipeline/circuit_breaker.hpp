#pragma once

#include <pofetch/error.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pofetch::pipeline {

/// Spares the account: a group of POs (a legal entity, say) whose first 15 % of POs, and at least 3, all
/// fail for want of access is held back. One object a run, shared by all lanes; a mutex is taken
/// twice a PO.
class circuit_breaker {
 public:
  explicit circuit_breaker(bool enabled) : enabled_(enabled) {}

  /// So many more POs of that group stand in the list. Groups without a name are never held back.
  void expect(const std::string& group, std::uint64_t orders = 1);

  /// May a PO of that group be tried? If not: why.
  [[nodiscard]] std::optional<failure> refuses(const std::string& group);

  /// True once a group: it is held back, and nobody has been told.
  [[nodiscard]] bool is_news(const std::string& group);

  /// What came of a PO. `denied`: this user has no right to see it. Never report sign-in failures here.
  void report(const std::string& group, bool denied);

  static constexpr double fraction = 0.15;
  static constexpr std::uint64_t at_least = 3;

 private:
  struct state {
    std::uint64_t expected = 0;
    std::uint64_t denied = 0;
    bool proven = false;  ///< one PO was readable: never held back again
    bool told = false;
  };

  bool enabled_;
  std::mutex mutex_;
  std::unordered_map<std::string, state> groups_;
};

}  // namespace pofetch::pipeline
