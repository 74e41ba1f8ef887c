#pragma once

#include "ledger/sqlite/ledger_pages.hpp"
#include "service/batches/batch_desk.hpp"
#include "service/server/server_core.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::service {

/// What the routes do. Belongs to the service's executor, and outlives all connections.
class api {
 public:
  api(const serve_options& options, data_folder& folder, batch_desk& desk, server_core& core,
      std::string instance);

  /// The one table.
  [[nodiscard]] std::vector<route> routes();

 private:
  // --- the service itself ---
  awaitable<reply> health(request& asked);
  awaitable<reply> readiness(request& asked);
  awaitable<reply> version_of_service(request& asked);
  awaitable<reply> description(request& asked);
  awaitable<reply> list_profiles(request& asked);
  awaitable<reply> put_session(request& asked);
  awaitable<reply> metrics(request& asked);
  awaitable<reply> list_hosts(request& asked);
  awaitable<reply> patch_limits(request& asked);
  awaitable<reply> list_deliveries(request& asked);

  // --- batches ---
  awaitable<reply> submit(request& asked);
  awaitable<reply> list_batches(request& asked);
  awaitable<reply> show_batch(request& asked);
  awaitable<reply> patch_batch(request& asked);
  awaitable<reply> pause_batch(request& asked);
  awaitable<reply> resume_batch(request& asked);
  awaitable<reply> cancel_batch(request& asked);
  awaitable<reply> verify_batch_files(request& asked);
  awaitable<reply> retry_batch(request& asked);
  awaitable<reply> delete_batch(request& asked);

  // --- what a batch has found ---
  awaitable<reply> list_orders(request& asked);
  awaitable<reply> show_order(request& asked);
  awaitable<reply> list_errors(request& asked);
  awaitable<reply> send_report(request& asked);
  awaitable<reply> list_files(request& asked);
  awaitable<reply> send_file(request& asked);

  // --- what happens ---
  awaitable<reply> batch_events(request& asked);
  awaitable<reply> all_events(request& asked);

  struct submission;
  /// Takes the body in, and checks it. An empty reply: it is good.
  awaitable<reply> receive(request& asked, submission& made);
  awaitable<reply> receive_list(request& asked, submission& made);
  awaitable<reply> examine(submission& made);
  awaitable<reply> accept(submission& made);
  awaitable<reply> replay(submission& made);

  /// Runs a question to the ledger of a batch where it may block. `T` is a result of something.
  template <class Question>
  [[nodiscard]] auto ask_ledger(const std::string& id, Question question);
  [[nodiscard]] bool has_ledger(const std::string& id) const;
  [[nodiscard]] reply state_reply(const action_result& done, const batch_entry& batch) const;
  [[nodiscard]] reply batch_reply(const batch_entry& batch, unsigned status) const;
  [[nodiscard]] std::filesystem::path out_of(const std::string& id) const {
    return folder_.batch(id) / "out";
  }

  const serve_options& options_;
  data_folder& folder_;
  batch_desk& desk_;
  server_core& core_;
  std::string instance_;
  /// Keys of requests that are being answered, with their fingerprints.
  std::map<std::string, std::string> in_flight_;
};

/// Sets what every answer with JSON has.
[[nodiscard]] reply json_reply(const boost::json::object& body, unsigned status = 200);
/// A failure of this machine as an answer.
[[nodiscard]] reply storage_reply(const failure& why);

/// The query of a request. Unknown and repeated parameters are refused.
class query_reader {
 public:
  query_reader(const request& asked, std::vector<std::string_view> known);

  [[nodiscard]] const std::optional<problem>& refused() const noexcept { return refused_; }
  /// Empty: it is not there.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// `limit`, 1 to 500.
  [[nodiscard]] std::size_t limit();
  /// Place of `cursor`; empty: from the beginning. The question is the query without cursor and limit.
  [[nodiscard]] std::string place();
  [[nodiscard]] std::string next_cursor(std::string_view place) const;
  void wrong(std::string_view name, std::string detail);

 private:
  [[nodiscard]] std::string question() const;

  const request& asked_;
  std::optional<problem> refused_;
};

/// `{items, next_cursor}` and Link. `next`: place of the next page; empty: this is the last one.
[[nodiscard]] reply page_reply(const request& asked, const query_reader& query, boost::json::array items,
                               const std::string& next);

}  // namespace pofetch::service
