#pragma once

#include "ledger/postgres/connection.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::postgres {

/// Which server, and how long it is waited for.
struct session_options {
  address where;
  bool to_write = true;
  /// So long a server that is not there is waited for.
  std::chrono::milliseconds timeout{std::chrono::minutes(5)};
  /// Asked while it is waited for; empty: never.
  std::function<bool()> stopped{};
};

/// A connection that comes back: what a server that restarts or a network that breaks leaves undone is done
/// again. One thread at a time. Failures: ledger (the server stayed away, or refuses), disk_full, config (it
/// will never let this client in), cancelled (`stopped`).
class session {
 public:
  /// Failures also: input (only reading, and there is no ledger).
  [[nodiscard]] static result<session> open(session_options options);

  /// What may be done twice: reads, and changes that come to the same.
  [[nodiscard]] result<std::vector<table>> ask(std::span<const command> commands);
  [[nodiscard]] result<table> ask(const command& one);

  /// From now on `commit` writes as this node, which has written nothing yet.
  void write_as(std::int64_t node) noexcept {
    node_ = node;
    seq_ = 0;
  }
  [[nodiscard]] std::int64_t node() const noexcept { return node_; }

  /// From now on a server that is away is waited for so long.
  void be_patient_for(std::chrono::milliseconds time) noexcept { options_.timeout = time; }

  /// What became of a commit.
  struct committed {
    /// Others have taken this node for dead, or the server has lost commits of it: nothing was written.
    bool fenced = false;
    /// One a command; none: it is done, but the answer was lost on the way.
    std::vector<table> tables{};
    /// An answer was lost before: it may have been done twice.
    bool repeated = false;
  };
  /// The commands behind the fence, once: after a lost connection the node's own count of commits tells
  /// whether they are done.
  [[nodiscard]] result<committed> commit(std::vector<command> commands);
  /// The commands behind a sign of life; may be done twice.
  [[nodiscard]] result<committed> ask_alive(std::vector<command> commands);

 private:
  explicit session(session_options options) : options_(std::move(options)) {}
  [[nodiscard]] reply run(std::span<const command> commands, connection::deadline until);
  [[nodiscard]] result<void> connect(connection::deadline until);
  [[nodiscard]] result<void> pause(const failure& why, connection::deadline until);
  [[nodiscard]] connection::deadline patience() const {
    return connection::deadline::clock::now() + options_.timeout;
  }

  enum class fate { done, undone, fenced };
  [[nodiscard]] result<fate> find_out();

  session_options options_;
  std::optional<connection> link_{};
  bool prepared_ = false;
  std::chrono::milliseconds wait_{0};
  std::int64_t node_ = 0;
  std::int64_t seq_ = 0;
};

}  // namespace pofetch::postgres
