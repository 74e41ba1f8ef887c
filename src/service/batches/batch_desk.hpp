#pragma once

#include "service/batches/batch_index.hpp"
#include "service/batches/batch_record.hpp"
#include "service/batches/data_folder.hpp"
#include "service/batches/run_watch.hpp"
#include "service/events/event_ring.hpp"
#include "service/metrics/service_metrics.hpp"
#include "service/webhooks/webhook_sender.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

using settings::profile;
using settings::serve_options;

/// A batch as the service works with it.
struct batch_entry {
  batch_entry(const boost::asio::any_io_executor& executor, batch_record known, const std::string& instance)
      : record(std::move(known)),
        events(std::make_shared<event_ring>(executor, instance)),
        changed(executor) {}

  /// As JSON. Clients ask often while little changes, so it is made once for each revision.
  [[nodiscard]] const std::string& shown() const;

  batch_record record;
  batch_motion motion;
  std::shared_ptr<event_ring> events;
  /// Rings at every change of the record.
  bell changed;

  std::shared_ptr<run_watch> watch;
  std::unique_ptr<running_batch> run;
  run_counts last;  ///< a second ago
  std::chrono::steady_clock::time_point began{};
  std::chrono::steady_clock::time_point last_look{};
  /// Of a blocked batch: when it is tried again, and after which wait; what its cookie file was then.
  std::optional<std::chrono::steady_clock::time_point> again_at;
  std::chrono::seconds wait{0};
  bool session_lost = false;     ///< that is why it is, or was, blocked
  bool asks_to_sign_in = false;  ///< anew, not as it did before
  std::string cookie_state;
  /// Orders that a retry has chosen, by status.
  std::optional<core::status_counts> counted;
  /// Since when it is worked on, pauses and waits included; nothing: it has not begun, or has ended.
  std::optional<std::chrono::system_clock::time_point> set_out;
  /// When its run has brought something last.
  std::chrono::system_clock::time_point got_on{};
  bool resumes = false;  ///< the run did not read the list
  bool verifying = false;
  bool deleted = false;

 private:
  mutable std::string shown_;
  mutable std::uint64_t shown_revision_ = 0;
};

/// What a pause does with what is under way: orders that are begun are finished, or all is cancelled.
enum class pause_mode { drain, now };

/// What became of an action.
struct action_result {
  unsigned status = 202;
  /// Not empty: it is not possible in this state, but these are.
  std::vector<std::string> allowed{};
  std::optional<failure> failed{};
};

/// All batches: their queue, their runs, and what of them is kept. Belongs to one executor.
class batch_desk {
 public:
  struct parts {
    boost::asio::any_io_executor executor;
    const serve_options& options;
    data_folder& folder;
    std::unique_ptr<batch_index> index;
    std::unique_ptr<batch_runner> runner;
    service_metrics& metrics;
    std::string instance;
    /// Must outlive the desk.
    webhook_sender& hooks;
  };
  explicit batch_desk(parts from);
  ~batch_desk();

  batch_desk(const batch_desk&) = delete;
  batch_desk& operator=(const batch_desk&) = delete;

  /// Takes up what an earlier service left. Blocks; before anything else. Failure `ledger`. Sentences for
  /// people go to `told`.
  [[nodiscard]] result<void> load(std::vector<std::string>& told);

  [[nodiscard]] std::shared_ptr<batch_entry> find(const std::string& id) const;
  /// Newest first.
  [[nodiscard]] const std::map<std::string, std::shared_ptr<batch_entry>, std::greater<>>& all() const {
    return all_;
  }
  [[nodiscard]] std::size_t open_count() const;

  /// Its folder is settled. It is in the index when this comes back.
  [[nodiscard]] awaitable<result<std::shared_ptr<batch_entry>>> add(batch_record record,
                                                                    std::optional<kept_key> key);

  [[nodiscard]] awaitable<action_result> pause(std::shared_ptr<batch_entry> batch, pause_mode how);
  [[nodiscard]] awaitable<action_result> resume(std::shared_ptr<batch_entry> batch);
  [[nodiscard]] awaitable<action_result> cancel(std::shared_ptr<batch_entry> batch);
  /// Without doing anything: is it possible now?
  [[nodiscard]] action_result may_retry(const batch_entry& batch) const;
  [[nodiscard]] awaitable<action_result> retry(std::shared_ptr<batch_entry> batch, work_choice chosen,
                                               core::status_counts counted);
  [[nodiscard]] awaitable<action_result> verify(std::shared_ptr<batch_entry> batch);
  [[nodiscard]] awaitable<action_result> remove(std::shared_ptr<batch_entry> batch, bool keep_files);

  /// The record has been changed: it has a new revision, is kept, and is told. Back when it is kept.
  [[nodiscard]] awaitable<result<void>> save(std::shared_ptr<batch_entry> batch);
  [[nodiscard]] awaitable<result<std::optional<kept_key>>> find_key(std::string scope, std::string key);
  [[nodiscard]] awaitable<result<void>> save_delivery(delivery what);
  [[nodiscard]] awaitable<result<std::vector<delivery>>> find_deliveries(delivery_filter filter);

  /// Gives fresh cookies to a profile with a cookie file. Blocks; any thread.
  [[nodiscard]] result<void> put_cookies(const profile& which, std::string_view cookies);
  /// There is a new session: what waits for it goes on.
  void session_renewed(const std::string& profile);

  /// Each second: looks at runs, at what waits, at what is too old. Until it is cancelled.
  awaitable<> keep_watch();
  /// Starts nothing any more, and stops what runs; true: all of it has ended in time.
  awaitable<bool> stop(std::chrono::seconds limit);

  [[nodiscard]] const std::shared_ptr<event_ring>& events() const noexcept { return events_; }
  /// Where calls that block are made, several at a time.
  [[nodiscard]] boost::asio::any_io_executor readers() { return readers_.get_executor(); }
  [[nodiscard]] const profile* find_profile(std::string_view name) const;
  [[nodiscard]] bool index_works() const noexcept { return index_works_; }
  [[nodiscard]] batch_runner& runner() const noexcept { return *parts_.runner; }

  /// What may be done at a time. As in the configuration until it is changed.
  struct limits {
    unsigned max_running = 0;
    std::map<std::string, profile_limits, std::less<>> profiles{};
  };
  [[nodiscard]] const limits& limits_now() const noexcept { return limits_; }
  [[nodiscard]] limits configured_limits() const;
  /// From now on, also for what runs. More running ones than there may be by then run on.
  void change_limits(limits now);

  /// Has the session of that profile ended, so that batches wait for another one?
  [[nodiscard]] bool needs_sign_in(std::string_view profile) const;
  /// Puts what the batches tell into it.
  void describe(service_state& into) const;

  /// Tells all streams that something has changed for them.
  void wake_streams();

 private:
  void kick();
  [[nodiscard]] std::shared_ptr<batch_entry> next_in_line() const;
  void start(const std::shared_ptr<batch_entry>& batch);
  void look(const std::shared_ptr<batch_entry>& batch);
  void measure(batch_entry& batch, const run_counts& now);
  void end_of_run(const std::shared_ptr<batch_entry>& batch, batch_result done);
  void settle_state(batch_entry& batch, const batch_result& done);
  void block(batch_entry& batch, const failure& why);
  void enter(batch_entry& batch, batch_state state);
  void note_change(batch_entry& batch);
  void note_end(batch_entry& batch);
  /// Keeps it, without waiting; what webhooks are to be told is sent once it is kept.
  void keep(const batch_entry& batch, std::vector<delivery> news = {});
  [[nodiscard]] std::vector<delivery> news_of(const batch_entry& batch) const;
  void tell(batch_entry& batch, std::string name, const std::string& data);
  void sweep();
  void take_verify(const std::string& id, boost::json::object verified);
  void look_at_blocked();
  void drop_old();
  void forget_old();
  void drop_events();
  [[nodiscard]] std::string cookie_state_of(const batch_record& record) const;

  parts parts_;
  limits limits_;
  /// Of batches that are gone, too; 0: none was.
  std::chrono::system_clock::time_point last_completed_{};
  std::chrono::system_clock::time_point last_progress_{};
  std::map<std::string, std::shared_ptr<batch_entry>, std::greater<>> all_;
  std::shared_ptr<event_ring> events_;
  bool stopping_ = false;
  std::atomic<bool> index_works_{true};
  boost::asio::thread_pool index_thread_{1};
  boost::asio::thread_pool readers_{2};
  /// What may take minutes: reading all files again, deleting many.
  boost::asio::thread_pool slow_{1};
  std::chrono::steady_clock::time_point swept_{};
};

}  // namespace pofetch::service
