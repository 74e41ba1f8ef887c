#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/exit_state.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/object_store.hpp>
#include <pofetch/po_list.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/session.hpp>
#include <pofetch/shared_ledger.hpp>
#include <pofetch/stop_reason.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch {

/// What a run does when the session ends before its work.
enum class expiry_action {
  exit,   ///< ends; everything that is not done stays PENDING
  wait,   ///< waits until the cookie file holds a session that works
  login,  ///< signs in again by `batch_options::sign_in`
};

/// Signs in and returns fresh cookies, in any form that a cookie file may have. Runs on one of the run's
/// executors and must be cancellable; the failure says why it did not work.
using sign_in_function = std::function<awaitable<result<std::string>>()>;

/// What a batch gets of an instance at which several work: turns by weights of 1, 4 and 16, request by
/// request. What one does not use, the others get.
enum class batch_priority { low, normal, high };

/// One batch, as a caller describes it.
struct batch_options : instance_options {
  /// File with the list, or `-` for standard input. Empty with `all`.
  std::string input;
  /// Output folder, made if it is not there, or `s3://BUCKET/PREFIX`. Ignored by `plan_batch`.
  std::filesystem::path out;
  /// For the latter.
  object_store_options objects;

  // --- how the list is read ---

  std::string sheet;            ///< of a workbook: its name, or its number from 1; empty: the first
  std::string po_column;        ///< empty: found by its name
  std::string supplier_column;  ///< empty: found by its name
  std::vector<std::string> folder_columns;
  bool visible_rows = false;  ///< of a workbook: hidden and filtered rows are left out

  // --- the list from the instance itself; `api` only ---

  /// All purchase orders that the instance shows, in place of a list.
  bool all = false;
  /// Only those changed after that: `2026-01-31`, `2026-01-31T12:00:00Z`. Empty: all.
  std::string since;
  /// Further conditions as the API takes them: `status=issued`, `supplier[name]=Acme`.
  std::vector<std::string> query;

  // --- what is done ---

  /// `run` looks up only: what was found stands in the ledger and in the report, orders with attachments stay
  /// PENDING, and no file is fetched. A later run on the same folder fetches it. Ends `ok` when every order
  /// could be looked at.
  bool look_only = false;

  // --- a session that ends ---

  /// `wait` needs `cookie_file`, `login` needs `sign_in`.
  expiry_action on_expiry = expiry_action::exit;
  sign_in_function sign_in;

  // --- a batch that goes on ---

  /// Goes on with the batch in `out` without reading its list again: what the last run was asked stands, and
  /// of that these POs are worked on. `input` and how it is read do not count then. Nothing: the list is
  /// read.
  std::optional<work_choice> resume;

  // --- on many machines ---

  /// Without an address: one machine, and the ledger is a file in `out`. With one, `settle_with_nodes` first.
  /// `input` may be empty then: the batch has a list already.
  shared_ledger nodes{};

  // --- beside other batches ---

  batch_priority priority = batch_priority::normal;
};

/// The same for a batch; also: `all`, `since`, `query`, `input` and `source` go together, and so do
/// `on_expiry` and what it needs, but for `sign_in`, which may still be put in.
[[nodiscard]] result<void> validate(const batch_options& options);

/// The local folder with the ledger of a batch: `out`, or `objects.state` where that is an object store. What
/// `read_status`, `count_chosen` and `write_batch_report` are given.
[[nodiscard]] inline const std::filesystem::path& home_of(const batch_options& options) {
  return is_object_address(options.out) ? options.objects.state : options.out;
}

/// What belongs to a batch on many machines is the same for all of them: asks the ledger for it, finds the
/// batch, and fills in what is left at its default, `out`, `source` and `nodes.batch` among it. To be called
/// before a `batch` is made of options with `nodes`. Blocks, as long as `nodes.timeout`; `stopped` is asked
/// meanwhile. Failures: config (another value than the batch's is given; the ledger's address or password is
/// of no use), input (no such batch, or several), ledger, cancelled.
[[nodiscard]] result<batch_options> settle_with_nodes(batch_options given,
                                                      const std::function<bool()>& stopped);

struct batch_result {
  exit_state state = exit_state::ok;
  batch_totals totals;
  run_record run;
  /// What was understood of the list, if it could be opened.
  std::optional<list_facts> list{};
  /// Of `plan` without an address: nothing was looked up.
  bool offline = false;
  /// Of a batch on many machines: this node has ended the run for all, and written its report.
  bool ended_run = false;
  /// Why the run ended early, or what was wrong from the start.
  std::optional<failure> error;
};

/// Where a batch works.
struct batch_place {
  using executor = boost::asio::any_io_executor;

  /// Each is run by one thread, or is a strand; the workers are dealt out among them. Batches at one instance
  /// that are to share its connections work on the same ones. Empty: the executor that awaits `async_run`.
  std::vector<executor> lanes{};
  /// For what blocks: list, ledger and disk; a pool of threads, of which the batch uses two at most at a
  /// time. Empty: two threads of its own.
  executor blocking{};
};

/// A batch from its list to its report: one folder, one ledger. As a program of its own:
///
///     pofetch::batch job(options, events);
///     pofetch::batch_result done = job.run();
///
/// As one of many in a program that has executors of its own:
///
///     auto session = pofetch::session::open(instance);
///     pofetch::batch job(options, events, *session, {{context.get_executor()}, pool.get_executor()});
///     pofetch::batch_result done = co_await job.async_run();
///
/// **Threads.** `run` and `plan` start their own and block. `async_run` and `async_plan` start none but those
/// of an empty `batch_place::blocking`. `events` is called on any of them.
///
/// **Lifetime.** The batch, `events` and the executors must outlive an operation that runs. `async_run` may
/// be given up by cancelling it, never by destroying the batch under it.
///
/// **Cancellation.** Of `async_run` and `async_plan`, by Asio's cancellation slots (also those of
/// `operator||`): as `request_stop(stop_reason::interrupted)`, so it ends within `pool_config::stop_grace`
/// and what is whole is kept.
class batch {
 public:
  /// A batch with an instance to itself. Takes a copy of the options. Does nothing yet.
  batch(batch_options options, progress& events, batch_place place = {});
  /// A guest of `where`: sign-in, limits and connections are shared with its other batches and clients. Of
  /// `options`, what says how the instance is reached, signed in to and treated (`instance_options` without
  /// `pool`, and of `pool` the connections, rates, times of a connection and security) is that of the
  /// session.
  batch(batch_options options, progress& events, const session& where, batch_place place = {});
  ~batch();

  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;

  /// Fetches everything and writes `DIR/report.csv`; blocks until it is done or stopped. Threads are its own,
  /// whatever `place` says. Call one of the four, once.
  batch_result run();

  /// The same on the executors of `place`. May be awaited on any executor.
  [[nodiscard]] awaitable<batch_result> async_run();

  /// Finds the attachments and their sizes only; touches no output folder. `visit` sees every PO afterwards,
  /// in the order of the list, on a thread for what blocks. Without `base_url` a list of POs is only read:
  /// nothing is sent. Blocks.
  using row_visitor = std::function<result<void>(const report_row&)>;
  batch_result plan(row_visitor visit);

  /// The same on the executors of `place`. May be awaited on any executor.
  [[nodiscard]] awaitable<batch_result> async_plan(row_visitor visit);

  /// Any thread, also from inside a progress callback. What is under way may go on for
  /// `pool_config::stop_grace`. The first reason counts.
  void request_stop(stop_reason reason);
  /// The same with another grace, after which what is under way is cancelled; orders that are begun are
  /// finished within it. 0: at once. Of several stops the one that ends first counts.
  void request_stop(stop_reason reason, std::chrono::milliseconds grace);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// One file that is not as the ledger says.
struct damage {
  std::string po_number;
  std::string path;     ///< relative to the output folder
  std::string problem;  ///< one sentence
};

struct verify_result {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t wrong = 0;
};

/// Reads every file of the batch in `out` against its ledger; only reads. `found` sees each damaged or
/// missing file. Failures: input (no batch there), ledger.
result<verify_result> verify_batch(const std::filesystem::path& out,
                                   const std::function<void(const damage&)>& found);

/// The same for a batch whose `out` is an object store, with its `objects`, `pool` and `network`: reads the
/// objects. Failures also: config, disk (the store cannot be used).
result<verify_result> verify_batch(const batch_options& options,
                                   const std::function<void(const damage&)>& found);

/// Where the batch in `out` stands. Only reads; also while a run is working on it.
struct batch_status {
  run_record run;
  batch_totals totals;
  /// Who is working on it just now (`pid 1234 on host`), if anybody is.
  std::optional<std::string> holder{};
  /// Of a batch on many machines: its name, the nodes that are there, and what is wanted of them (run, pause,
  /// stop).
  std::string name{};
  std::vector<node_status> nodes{};
  std::string wanted{};
};
result<batch_status> read_status(const std::filesystem::path& out);

/// How many POs of the batch in `out` a choice means: those that `batch_options::resume` would work on. Only
/// reads. Failures: input, ledger.
result<work_count> count_chosen(const std::filesystem::path& out, const work_choice& choice);

/// Writes the report of the batch in `out` again, in the format of the file's ending: csv, json, jsonl,
/// xlsx.
/// Failures: unsupported (another ending), input, ledger, disk.
result<void> write_batch_report(const std::filesystem::path& out, const std::filesystem::path& to);

// The same of a batch on many machines; of `where` address, batch and timeout count. `out`: where its folder
// is on this machine; empty: as the batch has it. Failures also: config (the ledger's address or password is
// of no use).

result<verify_result> verify_batch(const shared_ledger& where, const std::filesystem::path& out,
                                   const std::function<void(const damage&)>& found);
result<batch_status> read_status(const shared_ledger& where);
result<void> write_batch_report(const shared_ledger& where, const std::filesystem::path& out,
                                const std::filesystem::path& to);

enum class node_wish {
  run,    ///< go on
  pause,  ///< nothing new is begun until something else is wanted
  stop,   ///< as after SIGTERM
};
/// What all nodes of the batch are to do; those at work hear it within 2 s. Gives the batch's name.
result<std::string> tell_nodes(const shared_ledger& where, node_wish wish);

/// Is there a password in this address of a ledger, in whatever form? Also of one that is of no use
/// otherwise.
[[nodiscard]] bool has_ledger_password(const std::string& address);

}  // namespace pofetch
