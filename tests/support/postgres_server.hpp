#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace pofetch::test {

/// A PostgreSQL of the test's own, on a socket in a folder of its own; as the user `postgres` where the test
/// is root. It ends with the object, and with the test however that ends.
class postgres_server {
 public:
  /// Is it installed? Nothing: it is, else why not.
  [[nodiscard]] static std::optional<std::string> is_missing();

  /// Throws if it cannot be started.
  postgres_server();
  ~postgres_server();

  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;

  /// As of `--ledger`. A database of that name is made if it is not there.
  [[nodiscard]] std::string url(const std::string& database);

  /// Ends it at once, connections and all, as a crash would; after that time it comes back.
  void crash_for(std::chrono::seconds time);

 private:
  void start(const std::string& before = {});
  void wait() const;
  void run(const std::string& program, const std::string& arguments) const;

  std::filesystem::path folder_;
  pid_t server_ = -1;
};

}  // namespace pofetch::test
