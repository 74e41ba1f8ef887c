#pragma once

#include "pipeline/processing_controller.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_source.hpp"
#include "support/memory_ledger.hpp"
#include "support/memory_store.hpp"
#include "support/run_coro.hpp"
#include "support/scripted_transport.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pofetch::test {

using pipeline::lane;
using pipeline::processing_controller;
using pipeline::shared_parts;

/// Did it succeed? Tells why not.
template <class T>
[[nodiscard]] bool ok(const result<T>& outcome) {
  if (!outcome) MESSAGE(code_word(outcome.error()) << ": " << outcome.error().message);
  return outcome.has_value();
}

[[nodiscard]] inline scripted_answer answer_of(int status, std::string body = {}) {
  scripted_answer made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

/// A list in memory: PO numbers with their suppliers.
class fake_list final : public po_list {
 public:
  fake_list() = default;
  explicit fake_list(const std::vector<std::string>& numbers) {
    for (const auto& number : numbers) add(number);
  }
  void add(const std::string& number, const std::string& supplier = {}) {
    po_row row;
    row.line = static_cast<std::int64_t>(rows_.size()) + 2;
    row.number = number;
    row.supplier = supplier;
    row.cells = {number};
    if (number.empty()) row.problem = "no usable PO";
    rows_.push_back(std::move(row));
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  /// A line of a manifest, which the list is from now on.
  void add_file(const std::string& number, const std::string& url) {
    add(number);
    rows_.back().url = url;
    is_manifest_ = true;
  }
  bool is_manifest() const override { return is_manifest_; }
  result<std::optional<po_row>> next() override {
    if (rows_.empty()) return std::optional<po_row>();
    std::optional<po_row> row(std::move(rows_.front()));
    rows_.pop_front();
    return row;
  }

 private:
  std::vector<std::string> columns_{"PO"};
  std::deque<po_row> rows_;
  bool is_manifest_ = false;
};

class recorder final : public progress {
 public:
  std::vector<std::string> finished;  ///< "12 COMPLETED"
  std::vector<std::chrono::milliseconds> retries;
  std::vector<std::string> notices;
  std::vector<attachment_status> files;  ///< as they were told
  std::uint64_t bytes = 0;               ///< of bodies
  void on(const progress_event& event) override {
    std::visit(overloaded{
                   [this](const event::bytes_received& one) { bytes += one.count; },
                   [this](const event::po_finished& one) {
                     const po_outcome& outcome = *one.outcome;
                     finished.push_back(outcome.po.number + " " + std::string(to_string(outcome.status)));
                   },
                   [this](const event::attachment_finished& one) { files.push_back(one.record->status); },
                   [this](const event::retrying& one) { retries.push_back(one.delay); },
                   [this](const event::notice& one) { notices.push_back(one.text); },
                   [](const auto&) {},
               },
               event);
  }
};

/// The whole pipeline on fakes: no socket, no file, no thread, no real time. Ledger and store outlive a
/// run, so calling `run` again is a second run on the same output folder.
struct pipeline_fixture {
  boost::asio::io_context context{1};
  fake_clock time{context};
  memory_ledger records;
  memory_store files;
  scripted_transport http{time};
  fake_source source;
  recorder events;
  pool_config config;
  session_keeper* keeper = nullptr;
  stop_reason stopped = stop_reason::none;
  std::optional<failure> stopped_because;
  /// Of the controller; may be empty.
  processing_controller::refresh_narrowing narrow;
  /// Called once the lanes run, with the controller.
  std::function<void(processing_controller&)> meanwhile;

  /// Every file of every PO answers with `content of <url>` after `latency`.
  void serve_everything(pofetch::clock::duration latency = {}) {
    http.otherwise([latency](const http_request& request) {
      scripted_answer answer;
      answer.body = "content of " + request.url;
      answer.delay = latency;
      return answer;
    });
  }

  result<batch_totals> run(fake_list list) {
    run_info info;
    info.source = list.is_manifest() ? "manifest" : "web";
    return run([&](processing_controller& controller) { return controller.take_in(list, info); });
  }

  /// Goes on with the list of the run before.
  result<batch_totals> resume(const work_choice& choice) {
    return run([&](processing_controller& controller) {
      controller.choose(choice);
      const auto before = records.last_run();
      return controller.resume(before && before->info.source == "manifest");
    });
  }

  result<batch_totals> run(const std::function<result<intake_counts>(processing_controller&)>& begin) {
    lane only{context.get_executor(), http, source, time, 0, config.workers, keeper};
    shared_parts parts{records, files, events, context.get_executor(), context.get_executor()};
    processing_controller controller(parts, {only}, config);
    if (narrow) controller.narrow_refresh(narrow);
    auto taken = begin(controller);
    if (!taken) return taken.error();
    bool done = false;
    boost::asio::co_spawn(context, controller.run_lane(0), [&done](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
      done = true;
    });
    if (meanwhile) meanwhile(controller);
    run_until(context, time, [&done] { return done; });
    stopped = controller.stopped_by();
    stopped_because = controller.stop_failure();
    return controller.finish(0);
  }

  /// A run that looks and asks for sizes only.
  result<batch_totals> plan(fake_list list) {
    lane only{context.get_executor(), http, source, time, 0, 1};
    processing_controller controller({records, files, events, context.get_executor(), context.get_executor()},
                                     {only}, config);
    controller.discover_only();
    auto taken = controller.take_in(list, {});
    if (!taken) return taken.error();
    run_coro(context, time, controller.run_lane(0));
    return controller.finish(0);
  }

  [[nodiscard]] std::string content(const std::string& path) const {
    const auto found = files.files.find(path);
    return found == files.files.end() ? "(missing)" : found->second.content;
  }

  [[nodiscard]] po_status status(const std::string& number) const {
    const auto found = records.find(number);
    return found ? found->status : po_status::invalid;
  }
};

}  // namespace pofetch::test
