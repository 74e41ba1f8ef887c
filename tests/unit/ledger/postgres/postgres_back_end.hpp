#pragma once

#include "ledger/postgres/postgres_ledger.hpp"
#include "support/postgres_server.hpp"
#include "unit/ledger/cases/samples.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace pofetch::test {

/// One server for all cases of the program.
[[nodiscard]] postgres_server& server();

/// A batch of its own in the one database.
class postgres_back_end final : public back_end {
 public:
  postgres_back_end();
  [[nodiscard]] std::unique_ptr<ledger> open() override;
  [[nodiscard]] std::unique_ptr<ledger> open_to_read() override;
  [[nodiscard]] std::string bytes() override;
  /// Each lease is a round trip, and sorts.
  [[nodiscard]] std::size_t many() const override { return 10'000; }

  [[nodiscard]] std::unique_ptr<postgres::postgres_ledger> open_node(const std::string& name) const;
  [[nodiscard]] static std::string url();
  [[nodiscard]] const std::string& batch() const noexcept { return batch_; }

 private:
  std::string batch_;
};

/// See query_postgres.
std::string query(const std::string& sql);

[[nodiscard]] postgres::session_options session_at(const std::string& url, bool to_write = true);

}  // namespace pofetch::test
