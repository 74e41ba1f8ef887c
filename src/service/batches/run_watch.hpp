#pragma once

#include "core/po_rules.hpp"
#include "service/batches/batch_runner.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::service {

/// Something that happened in a run, as the stream of events tells it.
struct run_event {
  std::string name;  ///< po, notice, throttled, sign_in
  std::string data;  ///< JSON
};

/// Where a run stands.
struct run_counts {
  bool started = false;
  intake_counts intake;
  batch_totals totals;
  std::uint64_t retries = 0;
  std::uint64_t bytes = 0;      ///< of bodies, in this run
  std::uint64_t finished = 0;   ///< orders, in this run
  std::uint64_t looked_up = 0;  ///< orders of which it is known what they have, in this run
  std::string sign_in;          ///< advice, while a session is waited for
  std::vector<boost::json::object> throttled;
};

struct run_news {
  run_counts now;
  std::vector<run_event> events;
  /// Events that were too many to be kept.
  std::uint64_t lost = 0;
  std::optional<batch_result> done;
};

/// Listens to a run, and keeps what it says until somebody takes it. Any thread.
class run_watch final : public run_listener {
 public:
  /// `wake` is called when there are events, or the run has ended, where there was nothing before.
  /// `taken`: orders that the run takes up, by status; nothing: as every run.
  /// `meter` counts all that happens, and must outlive it; null: nobody does.
  run_watch(std::function<void()> wake, std::optional<core::status_counts> taken, progress* meter = nullptr)
      : wake_(std::move(wake)), taken_(taken), meter_(meter) {}

  [[nodiscard]] run_news take();

  void on(const progress_event& what) override;
  void ended(batch_result done) override;

  static constexpr std::size_t most_events = 4096;

 private:
  /// All of these with the lock held; true: somebody is to be woken.
  bool take_in(const event::batch_started& one);
  bool take_in(const event::bytes_received& one);
  bool take_in(const event::attachment_finished& one);
  bool take_in(const event::retrying& one);
  bool take_in(const event::po_finished& one);
  bool take_in(const event::notice& one);
  bool take_in(const event::sign_in_needed& one);
  bool take_in(const event::signed_in& one);
  bool take_in(const event::throttled& one);
  bool keep(std::string name, const boost::json::object& data);

  std::function<void()> wake_;
  std::optional<core::status_counts> taken_;
  progress* const meter_;
  std::mutex guard_;
  run_counts now_;
  std::uint64_t found_ = 0;
  bool told_ = false;
  std::deque<run_event> events_;
  std::uint64_t lost_ = 0;
  std::map<std::string, boost::json::object, std::less<>> spared_;
  std::optional<batch_result> done_;
};

}  // namespace pofetch::service
