#include "cli/screen/progress_model.hpp"

#include "cli/screen/event_text.hpp"
#include "cli/screen/rate_meter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;
using std::chrono::seconds;

namespace {

using time_point = std::chrono::steady_clock::time_point;

batch_totals totals_of(std::initializer_list<std::pair<po_status, std::uint64_t>> counts) {
  batch_totals totals;
  for (const auto& [status, count] : counts) {
    totals.by_status[static_cast<std::size_t>(status)] = count;
    totals.purchase_orders += count;
  }
  return totals;
}

po_outcome outcome_of(const std::string& number, po_status status) {
  po_outcome outcome;
  outcome.po.number = number;
  outcome.status = status;
  return outcome;
}

std::uint64_t count_of(const progress_snapshot& now, po_status status) {
  return now.by_status[static_cast<std::size_t>(status)];
}

}  // namespace

TEST_CASE("rate: right from the first step, then smoothed") {
  rate_meter meter(seconds{10});
  const time_point start{};
  CHECK(meter.per_second() == 0);
  meter.sample(100, start);
  CHECK(meter.per_second() == 0);
  meter.sample(150, start + seconds{5});
  CHECK(meter.per_second() == doctest::Approx(10));
  meter.sample(150, start + seconds{5});
  CHECK(meter.per_second() == doctest::Approx(10));
  meter.sample(150, start + seconds{10});
  CHECK(meter.per_second() > 0);
  CHECK(meter.per_second() < 10);
  for (int i = 3; i < 60; ++i) meter.sample(150, start + seconds{5 * i});
  CHECK(meter.per_second() < 0.01);
}

TEST_CASE("model: what earlier runs settled counts as done, the rest as work") {
  progress_model model({.retry_skipped = false});
  CHECK_FALSE(model.snapshot().started);
  model.on(event::batch_started{share(totals_of({{po_status::completed, 5},
                                                 {po_status::failed, 2},
                                                 {po_status::not_found, 1},
                                                 {po_status::skipped, 3},
                                                 {po_status::invalid, 1},
                                                 {po_status::pending, 8}})),
                                share(intake_counts{}), 2});
  const progress_snapshot now = model.snapshot();
  CHECK(now.started);
  CHECK(now.pos_total == 20);
  CHECK(now.pos_done == 9);
  CHECK(count_of(now, po_status::pending) == 11);

  progress_model again({.retry_skipped = true});
  again.on(event::batch_started{share(totals_of({{po_status::skipped, 3}, {po_status::completed, 1}})),
                                share(intake_counts{}), 1});
  CHECK(again.snapshot().pos_done == 1);
}

TEST_CASE("model: how long nothing was finished, unless somebody has to sign in") {
  time_point now{seconds{1000}};
  progress_model model({}, [&now] { return now; });
  CHECK(model.snapshot().idle == seconds{0});
  model.on(event::batch_started{share(totals_of({{po_status::pending, 2}})), share(intake_counts{}), 1});
  now += seconds{44};
  CHECK(model.snapshot().idle == seconds{44});
  model.on(event::attachment_finished{0, share(attachment_record{})});
  CHECK(model.snapshot().idle == seconds{0});
  now += seconds{50};
  CHECK(model.snapshot().idle == seconds{50});
  model.on(event::po_finished{0, share(outcome_of("1", po_status::completed))});
  CHECK(model.snapshot().idle == seconds{0});
  model.on(event::sign_in_needed{""});
  now += seconds{3600};
  CHECK(model.snapshot().idle == seconds{0});
  model.on(event::signed_in{seconds{3600}});
  now += seconds{3};
  CHECK(model.snapshot().idle == seconds{3});
}

TEST_CASE("model: one PO from start to end") {
  progress_model model({});
  model.on(event::batch_started{share(totals_of({{po_status::pending, 2}})), share(intake_counts{}), 1});
  purchase_order po;
  po.number = "12\n3";
  model.on(event::po_started{0, share(po)});
  model.on(event::po_discovered{0, 3});
  model.on(event::bytes_received{0, 100});
  model.on(event::bytes_received{0, 50});
  attachment_record record;
  record.status = attachment_status::committing;
  model.on(event::attachment_finished{0, share(record)});
  record.status = attachment_status::failed;
  model.on(event::attachment_finished{0, share(record)});
  model.on(event::retrying{0, make_failure(errc::timeout, "x"), std::chrono::milliseconds{1}});
  model.on(event::throttled{"a.com", 12, 16, 19.46, {}});
  CHECK(model.snapshot().spared == "throttling a.com: 12 of 16 at once, 19.5 requests/s");
  model.on(event::throttled{"b.com", 16, 16, 0, std::chrono::seconds{2}});
  CHECK(model.snapshot().spared == "throttling a.com: 12 of 16 at once, 19.5 requests/s and 1 more");
  model.on(event::throttled{"a.com", 16, 16, 0, {}});
  CHECK(model.snapshot().spared == "throttling b.com: 16 of 16 at once, pause 2.0 s");
  CHECK(throttling_text({"b.com", 3, 16, 0, std::chrono::milliseconds{49}}) ==
        "throttling b.com: 3 of 16 at once");
  model.on(event::throttled{"b.com", 16, 16, 0, {}});
  CHECK(model.snapshot().spared.empty());
  progress_snapshot now = model.snapshot();
  REQUIRE(now.workers.size() == 1);
  CHECK(now.workers[0].po == "12 3");
  CHECK(now.workers[0].files_done == 2);
  CHECK(now.workers[0].files_found == 3);
  CHECK(now.workers[0].bytes == 150);
  CHECK(now.files_done == 1);
  CHECK(now.files_failed == 1);
  CHECK(now.retries == 1);

  model.on(event::po_finished{0, share(outcome_of("12\n3", po_status::completed))});
  now = model.snapshot();
  CHECK(now.pos_done == 1);
  CHECK(now.pos_now == 1);
  CHECK(now.workers[0].po.empty());
  CHECK(now.bytes == 150);

  model.on(event::po_finished{0, share(outcome_of("124", po_status::pending))});  // stopped under way
  CHECK(model.snapshot().pos_done == 1);
}

TEST_CASE("model: a worker that is at its next PO when the commit is told, still shows that one") {
  progress_model model({});
  model.on(event::batch_started{share(totals_of({{po_status::pending, 2}})), share(intake_counts{}), 1});
  purchase_order po;
  po.number = "1";
  model.on(event::po_started{0, share(po)});
  po.number = "2";
  model.on(event::po_started{0, share(po)});
  model.on(event::po_finished{0, share(outcome_of("1", po_status::completed))});
  CHECK(model.snapshot().workers[0].po == "2");
  model.on(event::po_finished{0, share(outcome_of("2", po_status::completed))});
  CHECK(model.snapshot().workers[0].po.empty());
}

TEST_CASE("model: when planning, a PO whose attachments are known is settled") {
  progress_model model({.planning = true});
  model.on(event::batch_started{share(totals_of({{po_status::pending, 2}})), share(intake_counts{}), 1});
  po_outcome found = outcome_of("1", po_status::pending);
  found.attachments.emplace_back();
  model.on(event::po_finished{0, share(found)});
  CHECK(model.snapshot().pos_done == 1);
  found.error = make_failure(errc::cancelled, "stopped");
  model.on(event::po_finished{0, share(found)});
  CHECK(model.snapshot().pos_done == 1);
}

TEST_CASE("model: the commonest causes first, attachments before their PO") {
  progress_model model({});
  model.on(event::batch_started{share(totals_of({{po_status::pending, 9}})), share(intake_counts{}), 1});
  po_outcome outcome = outcome_of("7", po_status::failed);
  outcome.error = make_failure(errc::connection, "no answer");
  model.on(event::po_finished{0, share(outcome)});
  outcome.po.number = "8";
  attachment_record bad;
  bad.status = attachment_status::failed;
  bad.error = failure{errc::http_status, 500, "PO 8: the server answered 500"};
  outcome.attachments = {bad, bad};
  model.on(event::po_finished{0, share(outcome)});
  outcome = outcome_of("9", po_status::not_found);
  outcome.error = make_failure(errc::not_found, "no such PO");
  model.on(event::po_finished{0, share(outcome)});

  const auto causes = model.causes(5);
  REQUIRE(causes.size() == 2);
  CHECK(causes[0].code == "http_500");
  CHECK(causes[0].count == 2);
  CHECK(causes[0].example == "PO 8: the server answered 500");
  CHECK(causes[1].code == "connection");
  CHECK(causes[1].example == "PO 7: no answer");
  CHECK(model.causes(1).size() == 1);
}

TEST_CASE("model: the time left is told from the fourth second on") {
  time_point now{};
  progress_model model({}, [&now] { return now; });
  model.on(event::batch_started{share(totals_of({{po_status::pending, 100}})), share(intake_counts{}), 1});
  (void)model.snapshot();
  for (int i = 0; i < 10; ++i) model.on(event::po_finished{0, share(outcome_of("1", po_status::completed))});
  now += seconds{1};
  CHECK_FALSE(model.snapshot().left.has_value());
  for (int i = 0; i < 40; ++i) model.on(event::po_finished{0, share(outcome_of("1", po_status::completed))});
  now += seconds{4};
  const progress_snapshot later = model.snapshot();
  REQUIRE(later.left.has_value());
  CHECK(later.pos_per_minute == doctest::Approx(600).epsilon(0.01));
  CHECK(later.left->count() == doctest::Approx(5000).epsilon(0.05));
}

TEST_CASE("model: unknown workers are ignored, events may come from many threads") {
  progress_model model({});
  model.on(event::bytes_received{0, 1});  // before the start
  model.on(event::batch_started{share(totals_of({{po_status::pending, 4}})), share(intake_counts{}), 4});
  model.on(event::bytes_received{99, 1});
  std::vector<std::thread> threads;
  for (unsigned worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&model, worker] {
      purchase_order po;
      po.number = "1";
      model.on(event::po_started{worker, share(po)});
      for (int i = 0; i < 1000; ++i) model.on(event::bytes_received{worker, 2});
      model.on(event::po_finished{worker, share(outcome_of("1", po_status::completed))});
    });
  }
  for (int i = 0; i < 50; ++i) (void)model.snapshot();
  for (std::thread& each : threads) each.join();
  CHECK(model.snapshot().bytes == 8000);
  CHECK(model.snapshot().pos_done == 4);
}

TEST_CASE("model: what a service says of its batch is shown as it is, and events only add causes") {
  time_point now{};
  progress_model model({}, [&now] { return now; });
  told_standing standing;
  standing.totals = totals_of({{po_status::pending, 3}, {po_status::failed, 2}, {po_status::completed, 5}});
  standing.totals.attachments_found = 7;
  standing.totals.attachments_downloaded = 6;
  standing.bytes_per_second = 1000;
  standing.left = seconds{90};
  model.tell(standing);
  // The run of another process: its start and its orders are in the numbers already.
  model.on(event::batch_started{share(batch_totals(standing.totals)), share(intake_counts{}), 4});
  po_outcome bad = outcome_of("8", po_status::failed);
  bad.error = failure{errc::http_status, 500, "PO 8: the server answered 500"};
  model.on(event::po_finished{0, share(std::move(bad))});
  now += seconds{50};
  progress_snapshot shown = model.snapshot();
  CHECK(shown.started);
  CHECK(shown.pos_total == 10);
  CHECK(shown.pos_done == 7);
  CHECK(count_of(shown, po_status::failed) == 2);
  CHECK(shown.files_done == 6);
  CHECK(shown.bytes_per_second == 1000);
  CHECK(shown.left == seconds{90});
  CHECK(shown.idle == seconds{50});
  CHECK(shown.workers.empty());
  REQUIRE(model.causes(5).size() == 1);
  for (const std::string& piece : status_pieces(shown)) CHECK(piece.find("CPU") == std::string::npos);
  standing.at_rest = "paused";
  model.tell(standing);
  shown = model.snapshot();
  CHECK(shown.idle.count() == 0);
  CHECK(status_pieces(shown).front() == "paused");
}
