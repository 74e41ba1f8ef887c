#pragma once

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pofetch {

enum class durability {
  file,   ///< every file is synced, placed and recorded before its slot takes the next one
  batch,  ///< a group of files is synced together, at most 1 s apart
  none,   ///< the operating system decides
};

/// Everything about how the engine works, with the defaults of the command line. Plain data;
/// `validate` checks it.
struct pool_config {
  // --- parallelism ---

  /// POs handled at the same time. 1 to 1024.
  unsigned workers = 8;
  /// Downloads at the same time within one PO. 1 to 256.
  unsigned max_concurrent = 4;
  /// Connections open, and so requests in flight, in the whole run. 1 to 4096.
  unsigned max_connections = 16;
  /// Threads under the io_context pool. 0: the smaller of 2 and the number of cores. At most 64.
  unsigned io_threads = 0;

  // --- limits ---

  /// Fewer in flight, and not so fast, where a host shows by 429, 503 or its waits that it is too much for
  /// it.
  bool adaptive = true;
  /// Request starts per second in the whole run, in bursts of a tenth of that and at most 20. 0: what the
  /// source knows to be allowed (25 for `api`), else no limit.
  double requests_per_second = 0;
  /// Bytes received per second in the whole run. 0: no limit.
  std::uint64_t limit_rate = 0;
  /// A larger body is refused (bytes).
  std::uint64_t max_file_size = 2ULL << 30;
  /// A larger page is refused (bytes, decoded).
  std::uint64_t max_page_size = 16ULL << 20;
  /// A larger response head is refused (bytes).
  std::uint32_t max_header_size = 64U << 10;

  // --- time ---

  /// For name, TCP and TLS together.
  std::chrono::milliseconds connect_timeout{10'000};
  /// No byte for so long ends an exchange.
  std::chrono::milliseconds idle_timeout{30'000};
  /// For one whole exchange. 0: none.
  std::chrono::milliseconds request_timeout{0};
  /// After a request to stop, what is in flight may go on for so long before it is cancelled.
  std::chrono::milliseconds stop_grace{2'000};

  // --- failure ---

  /// Further tries of one request. 0 to 100.
  unsigned retries = 5;
  /// Full-jitter backoff: the n-th wait is uniform in [0, min(cap, base * 2^n)].
  std::chrono::milliseconds backoff_base{500};
  std::chrono::milliseconds backoff_cap{30'000};
  /// A server's Retry-After is obeyed up to this.
  std::chrono::milliseconds retry_after_cap{300'000};
  /// Hold back a group whose first POs all fail for want of access.
  bool breaker = true;
  /// Take up the POs that a breaker held back in an earlier run.
  bool retry_skipped = false;

  // --- another look ---

  /// Look COMPLETED and NO_ATTACHMENTS POs up again, those last looked at longer ago than that; 0: all.
  /// Nothing: none.
  std::optional<std::chrono::milliseconds> refresh{};

  // --- files ---

  durability sync = durability::batch;
  /// SHA-256 of every body while it is streamed.
  bool hash = true;
  /// At the end of a run, files of one content become hard links of one file. Needs `hash`.
  bool dedupe = false;
  /// At the end of a run, folders of finished POs are named `<folder>_<STATUS>`; without it they have their
  /// plain names.
  bool folder_status = false;
  /// Only attachments whose name matches one of these globs (empty: all) ...
  std::vector<std::string> include{};
  /// ... and none of these.
  std::vector<std::string> exclude{};

  // --- security ---

  /// Plain HTTP to loopback addresses is allowed.
  bool allow_http = false;
  /// Hosts that may be reached though their address is private.
  std::vector<std::string> allow_hosts{};
  /// PEM file with certificate authorities in addition to the system's.
  std::string ca_file{};
};

/// Checks every bound above. The failure (code `config`) names the command line option.
[[nodiscard]] result<void> validate(const pool_config& config);

/// `io_threads` with 0 resolved for this machine.
[[nodiscard]] unsigned effective_io_threads(const pool_config& config);

}  // namespace pofetch
