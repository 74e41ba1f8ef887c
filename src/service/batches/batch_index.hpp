#pragma once

#include "service/batches/batch_record.hpp"
#include "service/webhooks/delivery_log.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// A request that may come again: what it was and what it made.
struct kept_key {
  std::string scope;  ///< whose it is, and of which route
  std::string key;
  std::string fingerprint;
  std::string batch;
};

/// `service.db`: what the service knows of its batches. What a call has written is on stable storage when it
/// returns. All calls block; one thread at a time. Failures: ledger, disk_full.
class batch_index {
 public:
  using clock = std::function<std::chrono::system_clock::time_point()>;

  /// Makes the file if it is not there. Failure `ledger`: it is damaged, is another program's, or was written
  /// by a newer version; it is left as it is.
  [[nodiscard]] static result<std::unique_ptr<batch_index>> open(const std::filesystem::path& file,
                                                                 clock now = std::chrono::system_clock::now);
  ~batch_index();

  /// All batches, oldest first.
  [[nodiscard]] result<std::vector<batch_record>> all();
  /// A new batch and, if there is one, the key of the request that made it.
  [[nodiscard]] result<void> add(const batch_record& record, const std::optional<kept_key>& key);
  /// `news`: what webhooks are to be told of it, kept in the same step.
  [[nodiscard]] result<void> save(const std::string& id, const std::string& kept,
                                  const std::vector<delivery>& news = {});
  [[nodiscard]] result<void> remove(const std::string& id);
  /// Nothing for a key that is older than 7 days.
  [[nodiscard]] result<std::optional<kept_key>> find_key(const std::string& scope, const std::string& key);
  /// Lets go of those that are older.
  [[nodiscard]] result<void> forget_old_keys();
  [[nodiscard]] delivery_log& deliveries() noexcept;

 private:
  struct state;
  explicit batch_index(std::unique_ptr<state> opened);
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::service
