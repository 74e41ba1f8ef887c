#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coupa_sim {

/// What a request asks for.
enum class request_kind { page, requisition, download, storage, api, sign_in, control, other };

/// What the site has seen so far. Requests to /_sim are not counted. A request is in flight from the moment
/// it is read until its answer is written; with more than one thread a client may be quick enough to send
/// the next one before the end of the last is counted.
struct stats_snapshot {
  std::uint64_t requests = 0;
  std::uint64_t pages = 0;         ///< of POs
  std::uint64_t requisitions = 0;  ///< pages of requisitions
  std::uint64_t downloads = 0;     ///< of files, answered by a redirect or not
  std::uint64_t storage = 0;       ///< downloads from "object storage"
  std::uint64_t api = 0;           ///< look-ups through the API
  std::uint64_t in_flight = 0;     ///< read, answer not completely written
  std::uint64_t max_in_flight = 0;
  std::uint64_t max_in_flight_per_po = 0;  ///< most downloads of one PO at the same time
  std::uint64_t connections_opened = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t bytes = 0;            ///< sent, heads included, before TLS
  std::uint64_t throttled = 0;        ///< answered with 429
  std::uint64_t faults = 0;           ///< made to fail on purpose
  std::uint64_t signed_out = 0;       ///< answered with a sign-in demand
  std::uint64_t leaked_cookies = 0;   ///< session cookies that came to the storage host
  std::uint64_t doubled_cookies = 0;  ///< requests with two session cookies
  std::uint64_t tokens = 0;           ///< access tokens given out
  std::uint64_t unauthorized = 0;     ///< API requests answered with 401
  std::uint64_t leaked_tokens = 0;    ///< tokens and API keys that came to the storage host
  std::uint64_t internal_errors = 0;  ///< faults of the simulator itself
};

/// One second of it, counted from the first request.
struct stats_second {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;                      ///< handed to the connection, heads included, before TLS
  std::uint64_t max_in_flight = 0;              ///< when a request came
  std::map<unsigned, std::uint64_t> answers{};  ///< by status
};

/// Collects them. Any thread.
class stats {
 public:
  explicit stats(bool count_paths) : count_paths_(count_paths) {}

  /// A request was read. Returns how often the path was asked for before (0 if paths are not counted).
  std::uint64_t begin(request_kind kind, std::uint64_t po, std::string_view path);

  /// Its answer is written, or will never be.
  void end(request_kind kind, std::uint64_t po, std::uint64_t bytes);

  /// An answer begins.
  void answered(unsigned status);
  /// So many bytes of it are sent.
  void sent(std::uint64_t bytes);

  void connected();
  void disconnected();

  /// Adds one to a counter: `count(&stats_snapshot::throttled)`.
  void count(std::uint64_t stats_snapshot::*counter);

  [[nodiscard]] stats_snapshot snapshot() const;
  [[nodiscard]] std::map<std::string, std::uint64_t> paths() const;
  /// The first hours of it.
  [[nodiscard]] std::vector<stats_second> seconds() const;

  /// Starts anew; what is open or in flight stays counted as such.
  void reset();

 private:
  [[nodiscard]] stats_second& second();

  const bool count_paths_;
  mutable std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> began_;
  std::vector<stats_second> seconds_;
  stats_snapshot now_;
  std::unordered_map<std::uint64_t, std::uint64_t> downloads_of_po_;
  std::unordered_map<std::string, std::uint64_t> paths_;
};

/// As /_sim/stats gives it.
[[nodiscard]] std::string to_json(const stats_snapshot& seen);

/// As /_sim/seconds gives it.
[[nodiscard]] std::string to_json(const std::vector<stats_second>& seconds);

/// As /_sim/requests gives it.
[[nodiscard]] std::string to_json(const std::map<std::string, std::uint64_t>& paths);

}  // namespace coupa_sim
