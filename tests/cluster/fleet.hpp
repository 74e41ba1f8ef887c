#pragma once

#include "crash/site.hpp"
#include "support/postgres_server.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::test {

/// One server for all tests of the program.
[[nodiscard]] postgres_server& database();

/// A site, a database of its own for the ledger, and nodes that fetch from the one by the other.
class fleet {
 public:
  explicit fleet(coupa_sim::options wanted);

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] std::filesystem::path out() const { return from.out(); }
  /// The command of a node: `pofetch work LIST`, or another one in its place.
  [[nodiscard]] process_setup node(const std::string& name, const std::vector<std::string>& more = {}) const;
  [[nodiscard]] std::unique_ptr<process> start(const std::string& name,
                                               const std::vector<std::string>& more = {}) const;
  /// `pofetch WORDS --ledger URL`, to its end.
  [[nodiscard]] outcome tell(const std::vector<std::string>& words) const;

  /// See query_postgres.
  [[nodiscard]] std::string query(const std::string& sql) const;
  /// Waits until the answer is that. Fails the test if it never is.
  void await(const std::string& sql, const std::string& answer) const;

  /// All that must hold when a batch has ended, however its nodes did: every file under its name once and
  /// whole, and nothing else; every order done; nothing of any node left in the ledger or in the folder.
  /// Empty, or what is wrong.
  [[nodiscard]] std::string broken() const;
  /// Requests for files that had been asked for before. All have to be there.
  [[nodiscard]] std::uint64_t fetched_again() const;

  site from;

 private:
  std::string url_;
};

}  // namespace pofetch::test
