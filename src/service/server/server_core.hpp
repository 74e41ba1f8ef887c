#pragma once

#include "service/server/access/browser_check.hpp"
#include "service/server/access/token_file.hpp"
#include "service/server/route_table.hpp"
#include "service/server/sockets/tls_identity.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::service {

class heartbeat;
class service_metrics;

/// Bounds of section "what one client can do to the others".
inline constexpr std::size_t max_clients = 1024;
inline constexpr std::size_t max_streams = 512;
inline constexpr std::size_t max_json_bytes = 1U << 20;
inline constexpr double requests_per_second = 100;

/// A bucket that fills with time.
class allowance {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  /// Takes one; false: there is none left just now.
  [[nodiscard]] bool take(time_point now) noexcept;

 private:
  double left_ = requests_per_second;
  time_point filled_{};
};

/// What the connections of one service share. Belongs to its executor.
struct server_core {
  explicit server_core(route_table table) : routes(std::move(table)) {}

  route_table routes;
  std::vector<public_name> names{};
  /// Null: everybody who gets here may do everything.
  std::shared_ptr<const token_list> tokens{};
  std::map<std::string, allowance, std::less<>> allowances{};
  /// Null: no TLS of its own.
  std::shared_ptr<const tls_identity> tls{};
  /// Largest list.
  std::uint64_t max_list = 256ULL << 20;
  /// Both outlive it; null: there are none.
  service_metrics* metrics = nullptr;
  const heartbeat* heart = nullptr;
  /// Another one that answers elsewhere; null: there is none.
  const server_core* beside = nullptr;
  [[nodiscard]] std::size_t all_clients() const noexcept {
    return clients + (beside == nullptr ? 0 : beside->clients);
  }
  std::size_t clients = 0;
  std::size_t streams = 0;
  /// Requests that are being answered.
  std::size_t busy = 0;
  bool ending = false;
};

}  // namespace pofetch::service
