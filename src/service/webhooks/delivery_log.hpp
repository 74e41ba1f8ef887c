#pragma once

#include "ledger/sqlite/database.hpp"
#include "service/webhooks/delivery.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::service {

/// Which deliveries are asked for; empty texts: any.
struct delivery_filter {
  std::string webhook{};
  std::optional<delivery_state> state{};
  std::string before{};  ///< id behind which to go on
  std::size_t limit = 100;
};

/// The table of deliveries in service.db. All calls block; one thread at a time. Failures: ledger, disk_full.
class delivery_log {
 public:
  explicit delivery_log(sqlite::database& db) : db_(db) {}

  /// Makes the table.
  [[nodiscard]] static const char* tables() noexcept;

  /// A new one, or what has become of it.
  [[nodiscard]] result<void> put(const delivery& what);
  /// Oldest first.
  [[nodiscard]] result<std::vector<delivery>> pending();
  /// Newest first.
  [[nodiscard]] result<std::vector<delivery>> page(const delivery_filter& filter);
  /// Those that ended more than 30 days ago.
  [[nodiscard]] result<void> forget_old();

 private:
  sqlite::database& db_;
};

}  // namespace pofetch::service
