#pragma once

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

enum class batch_state {
  queued,
  running,
  pausing,
  paused,
  blocked,
  completed,
  incomplete,
  failed,
  cancelled
};
enum class wish { run, pause, cancel };
/// As `batch_priority`.
enum class priority { low, normal, high };

[[nodiscard]] std::string_view to_string(batch_state state) noexcept;
[[nodiscard]] std::string_view to_string(wish which) noexcept;
[[nodiscard]] std::string_view to_string(priority which) noexcept;
[[nodiscard]] std::optional<batch_state> read_state(std::string_view word) noexcept;
[[nodiscard]] std::optional<wish> read_wish(std::string_view word) noexcept;
[[nodiscard]] std::optional<priority> read_priority(std::string_view word) noexcept;

/// Is nothing more done for it unless somebody asks?
[[nodiscard]] bool is_ended(batch_state state) noexcept;

struct batch_reason {
  std::string code;
  std::string message;
  std::string next_step;
};
/// What a failure means for a whole batch.
[[nodiscard]] batch_reason reason_of(const failure& why);

/// What runs have done so far: the totals of a report.
struct batch_sums {
  batch_totals totals;
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  double elapsed_seconds = 0;
};

/// All that is kept of a batch.
struct batch_record {
  using time_point = std::chrono::system_clock::time_point;

  std::string id;
  std::string name;
  std::vector<std::string> labels;
  priority urgency = priority::normal;
  std::string source;
  std::string profile;
  /// It only looks up what there is.
  bool plans = false;
  /// As they were asked for.
  boost::json::object options;
  /// Name of the list in the batch's folder.
  std::string list_file;
  /// Of a retry: the orders that its runs work on. Nothing: those that are PENDING.
  std::optional<work_choice> chosen;
  /// The ledger has all of the list, so that no run has to read it again.
  bool list_read = false;

  batch_state state = batch_state::queued;
  wish desired = wish::run;
  std::optional<batch_reason> reason;
  std::uint64_t rows = 0;
  std::uint64_t repeated = 0;
  std::uint64_t invalid = 0;
  std::vector<std::string> columns;
  batch_sums sums;
  std::uint64_t looked_up = 0;  ///< orders of the last run, where it plans
  std::optional<boost::json::object> verified;

  time_point created_at{};
  time_point queued_at{};
  std::optional<time_point> started_at;
  std::optional<time_point> finished_at;
  std::optional<time_point> expires_at;
  std::uint64_t revision = 1;
};

/// What is known while it runs only.
struct batch_motion {
  double bytes_per_second = 0;
  double pos_per_minute = 0;
  std::optional<std::uint64_t> eta_seconds;
  std::string sign_in;  ///< advice; empty: nobody has to sign in
  std::vector<boost::json::object> throttled;
};

[[nodiscard]] std::uint64_t orders_done(const batch_record& record) noexcept;
[[nodiscard]] boost::json::object sums_json(const batch_sums& sums);
/// As the API shows it.
[[nodiscard]] boost::json::object batch_json(const batch_record& record, const batch_motion& motion);

/// As the index keeps it, and back. Nothing: it is no such text.
[[nodiscard]] std::string kept_json(const batch_record& record);
[[nodiscard]] std::optional<batch_record> read_kept(std::string_view text);

}  // namespace pofetch::service
