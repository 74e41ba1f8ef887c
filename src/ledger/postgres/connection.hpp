#pragma once

#include "ledger/postgres/address.hpp"
#include "ledger/postgres/wire.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace pofetch::postgres {

/// The rows of one statement. A column that it does not have is a bug: std::logic_error.
class table {
 public:
  explicit table(pg_result* rows) noexcept;

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool is_null(std::size_t row, const char* column) const;
  /// NULL is read as 0.
  [[nodiscard]] std::int64_t integer(std::size_t row, const char* column) const;
  /// Negative numbers are read as 0.
  [[nodiscard]] std::uint64_t count(std::size_t row, const char* column) const;
  [[nodiscard]] double real(std::size_t row, const char* column) const;
  /// NULL is read as an empty text.
  [[nodiscard]] std::string text(std::size_t row, const char* column) const;
  /// JSON as the server writes it.
  [[nodiscard]] std::string_view raw(std::size_t row, const char* column) const;
  [[nodiscard]] bool truth(std::size_t row, const char* column) const;
  /// Rows that a statement without rows changed.
  [[nodiscard]] std::uint64_t changed() const;

 private:
  struct clear {
    void operator()(pg_result* rows) const noexcept;
  };
  [[nodiscard]] int place_of(const char* column) const;
  std::unique_ptr<pg_result, clear> rows_;
};

/// Why a pipeline did not go through.
struct refusal {
  failure why;
  /// SQLSTATE of the server; empty: it gave none.
  std::string state{};
  /// The connection is of no use any more; whether what was sent is done is not known.
  bool lost = false;

  /// The same may work later, on this server or on another one.
  [[nodiscard]] bool is_passing() const;
};

struct reply {
  std::vector<table> tables;  ///< one a command, if all went through
  std::optional<refusal> error{};
};

/// One connection. Every call has an end. One thread at a time.
class connection {
 public:
  using deadline = std::chrono::steady_clock::time_point;

  struct opened;
  /// `to_write`: only a server that takes changes will do.
  [[nodiscard]] static opened open(const address& where, bool to_write, deadline until);

  /// All commands in one go and as one transaction: all of it, or nothing. Without any session state, so that
  /// it also goes through a pooler.
  [[nodiscard]] reply run(std::span<const command> commands, deadline until);
  /// Statements without parameters, as one transaction.
  [[nodiscard]] reply execute(const std::string& sql, deadline until);

  /// `UTF8`, ...
  [[nodiscard]] std::string parameter(const char* name) const;
  [[nodiscard]] int version() const;

 private:
  struct close {
    void operator()(pg_conn* handle) const noexcept;
  };
  explicit connection(pg_conn* handle) noexcept : handle_(handle) {}
  [[nodiscard]] bool send(std::span<const command> commands);
  [[nodiscard]] bool wait(bool to_send, deadline until);
  [[nodiscard]] bool pump(deadline until);
  [[nodiscard]] reply collect(std::size_t count, deadline until);
  [[nodiscard]] refusal gone(deadline until) const;

  std::unique_ptr<pg_conn, close> handle_;
};

struct connection::opened {
  std::optional<connection> link{};
  std::optional<refusal> error{};
};

}  // namespace pofetch::postgres
