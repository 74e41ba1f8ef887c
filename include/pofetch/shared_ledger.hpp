#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pofetch {

/// A batch on which many machines work: its ledger stands in PostgreSQL, and all of them have the same output
/// folder.
struct shared_ledger {
  /// `postgresql://[USER@]HOST[:PORT]/DB[?...]`, or what else libpq takes. May hold a password: never shown.
  /// Empty: there is none, the ledger is a file in the output folder.
  std::string address;
  /// Several batches live in one database. Empty: named after the list's file; without a list the only one
  /// that is not finished, else the only one.
  std::string batch{};
  /// After so long without a sign of life a node is dead, and its orders go to others.
  std::chrono::milliseconds lease{15'000};
  /// So long a database that cannot be reached is waited for.
  std::chrono::milliseconds timeout{std::chrono::minutes(5)};
  /// How this node is called, for people. Empty: host name and process.
  std::string node{};
};

/// A node as others see it.
struct node_status {
  std::string name;
  std::string version;
  bool alive = false;    ///< else it is dead, and its orders are about to become free
  bool working = false;  ///< takes part in the run
  /// Since its last sign of life, by the clock of the database's server.
  std::chrono::milliseconds silent{0};
  std::uint64_t holds = 0;  ///< purchase orders
};

}  // namespace pofetch
