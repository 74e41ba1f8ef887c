#include <pofetch/progress.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace pofetch;

namespace {

class recorder final : public progress {
 public:
  recorder(std::string name, std::string& log) : name_(std::move(name)), log_(log) {}

  void on(const progress_event& event) override {
    std::visit(
        overloaded{
            [this](const event::batch_started& one) {
              add("batch_started", one.totals->purchase_orders + one.intake->rows + one.workers);
            },
            [this](const event::po_started& one) { add("po_started " + one.po->number, one.worker); },
            [this](const event::po_discovered& one) { add("po_discovered", one.worker + one.attachments); },
            [this](const event::bytes_received& one) { add("bytes_received", one.worker + one.count); },
            [this](const event::attachment_finished& one) {
              add("attachment_finished " + one.record->name, one.worker);
            },
            [this](const event::retrying& one) {
              add("retrying " + one.why.message, one.worker + static_cast<std::uint64_t>(one.delay.count()));
            },
            [this](const event::po_finished& one) {
              add("po_finished " + one.outcome->po.number, one.worker);
            },
            [this](const event::notice& one) {
              add("notice " + one.text, static_cast<std::uint64_t>(one.level));
            },
            [this](const event::sign_in_needed& one) { add("sign_in_needed " + one.advice, 0); },
            [this](const event::signed_in& one) {
              add("signed_in", static_cast<std::uint64_t>(one.waited.count()));
            },
            [this](const event::throttled& one) { add("throttled " + one.host, one.in_flight); },
            [this](const event::batch_finished& one) {
              add("batch_finished", one.totals->purchase_orders + one.run->requests);
            },
        },
        event);
  }

 private:
  void add(const std::string& what, std::uint64_t number) {
    log_ += name_ + ":" + what + " " + std::to_string(number) + "\n";
  }

  std::string name_;
  std::string& log_;
};

}  // namespace

TEST_CASE("progress: fan out, every event reaches every receiver in order") {
  std::string log;
  recorder first("1", log);
  recorder second("2", log);
  progress_fan_out both({&first, &second});
  batch_totals totals;
  totals.purchase_orders = 10;
  intake_counts intake;
  intake.rows = 20;
  purchase_order po;
  po.number = "77";
  attachment_record record;
  record.name = "a.pdf";
  po_outcome outcome;
  outcome.po = po;
  run_record run;
  run.requests = 5;

  both.on(event::batch_started{share(totals), share(intake), 3});
  both.on(event::po_started{4, share(po)});
  both.on(event::po_discovered{4, 2});
  both.on(event::bytes_received{4, 100});
  both.on(event::attachment_finished{4, share(record)});
  both.on(event::retrying{4, make_failure(errc::timeout, "late"), std::chrono::milliseconds(50)});
  both.on(event::po_finished{4, share(outcome)});
  both.on(event::notice{notice_level::error, "text"});
  both.on(event::throttled{.host = "slow.com", .in_flight = 7});
  both.on(event::batch_finished{share(totals), share(run)});

  std::string expected;
  for (const std::string line :
       {"batch_started 33", "po_started 77 4", "po_discovered 6", "bytes_received 104",
        "attachment_finished a.pdf 4", "retrying late 54", "po_finished 77 4", "notice text 2",
        "throttled slow.com 7", "batch_finished 15"}) {
    expected += "1:" + line + "\n2:" + line + "\n";
  }
  CHECK(log == expected);
}

TEST_CASE("progress: fan out to nobody, nothing happens") {
  progress_fan_out none({});
  CHECK_NOTHROW(none.on(event::notice{notice_level::info, "x"}));
}

TEST_CASE(
    "progress: an event that is kept says the same when what it tells of is gone, and shares what is large") {
  std::vector<progress_event> kept;
  {
    purchase_order po;
    po.number = std::string(100, '7');
    kept.emplace_back(event::po_started{1, share(po)});
    kept.emplace_back(event::notice{notice_level::info, std::string(100, 'x')});
  }
  const std::vector<progress_event> sent = kept;
  const auto& first = std::get<event::po_started>(kept[0]);
  CHECK(first.po->number == std::string(100, '7'));
  CHECK(std::get<event::po_started>(sent[0]).po == first.po);
  CHECK(std::get<event::notice>(sent[1]).text == std::string(100, 'x'));
  CHECK(sizeof(progress_event) <= 96);
}
