#pragma once

#include <pofetch/batch.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

enum class finding_level { ok, warn, fail };

/// `OK`, `WARN`, `FAIL`.
[[nodiscard]] std::string_view to_string(finding_level level) noexcept;

/// One thing that was looked at before a batch.
struct finding {
  /// What was looked at, one of: config, folder, space, names, address, proxy, connection, tls, sign_in,
  /// purchase_order, latency, parallel. Scripts may go by it: never rename one.
  std::string check;
  finding_level level = finding_level::ok;
  /// What was seen, for a person. Never a secret.
  std::string text;
  /// What to do about it; empty if there is nothing to do.
  std::string next_step{};
  /// What a FAIL would end a run with: `usage` (settings, network, TLS), `sign_in` or `machine`.
  exit_state state = exit_state::ok;
};

/// What is to be looked at.
struct doctor_options {
  /// The batch that is planned. `input`, `all` and `on_expiry` do not matter; without `out` no folder is
  /// looked at, without `base_url` no instance. With the source `api` the REST API is asked, else the pages.
  batch_options batch;
  /// A purchase order that is read for a test. Empty: the first that the API lists; of the pages, none.
  std::string po_number;
};

struct doctor_result {
  /// In the order in which they were made.
  std::vector<finding> findings;
  /// The highest state of all findings that are a FAIL; ok if there is none; interrupted after a stop.
  exit_state state = exit_state::ok;
  /// What the measuring advises; 0 where nothing was measured.
  unsigned workers = 0;
  unsigned max_connections = 0;
};

/// Looks whether a batch could run as it is planned, and how fast: the folder, then the way to the instance,
/// the session, one purchase order, and the gain of asking several things at once. What lies
/// behind a failure on the way is not checked. Every question to the network, and every call on a file, is
/// bounded in time: one that hangs is a FAIL and ends the whole; its thread is left behind, and keeps what it
/// needs. Nothing of the folder is changed; newer cookies are written back to the cookie file.
///
///     pofetch::doctor check(options, [](const pofetch::finding& each) { ... });
///     pofetch::doctor_result done = check.run();
class doctor {
 public:
  /// `found` sees each finding as soon as it is made, on the thread of `run`.
  doctor(doctor_options options, std::function<void(const finding&)> found);
  ~doctor();

  doctor(const doctor&) = delete;
  doctor& operator=(const doctor&) = delete;

  /// Blocks. Call once.
  doctor_result run();

  /// Any thread.
  void request_stop();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch
