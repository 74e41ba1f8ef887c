#include <pofetch/progress.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;

namespace {

class recorder final : public progress {
 public:
  recorder(std::string name, std::string& log) : name_(std::move(name)), log_(log) {}

  void batch_started(const batch_totals& totals, const intake_counts& intake, unsigned workers) override {
    add("batch_started", totals.purchase_orders + intake.rows + workers);
  }
  void po_started(unsigned worker, const purchase_order& po) override {
    add("po_started " + po.number, worker);
  }
  void po_discovered(unsigned worker, std::size_t attachments) override {
    add("po_discovered", worker + attachments);
  }
  void bytes_received(unsigned worker, std::uint64_t count) override {
    add("bytes_received", worker + count);
  }
  void attachment_finished(unsigned worker, const attachment_record& record) override {
    add("attachment_finished " + record.name, worker);
  }
  void retrying(unsigned worker, const failure& why, std::chrono::milliseconds delay) override {
    add("retrying " + why.message, worker + static_cast<std::uint64_t>(delay.count()));
  }
  void po_finished(unsigned worker, const po_outcome& outcome) override {
    add("po_finished " + outcome.po.number, worker);
  }
  void notice(notice_level level, std::string_view text) override {
    add("notice " + std::string(text), static_cast<std::uint64_t>(level));
  }
  void throttled(const throttling& now) override { add("throttled " + std::string(now.host), now.in_flight); }
  void batch_finished(const batch_totals& totals, const run_record& run) override {
    add("batch_finished", totals.purchase_orders + run.requests);
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

  both.batch_started(totals, intake, 3);
  both.po_started(4, po);
  both.po_discovered(4, 2);
  both.bytes_received(4, 100);
  both.attachment_finished(4, record);
  both.retrying(4, make_failure(errc::timeout, "late"), std::chrono::milliseconds(50));
  both.po_finished(4, outcome);
  both.notice(notice_level::error, "text");
  both.throttled({.host = "slow.com", .in_flight = 7});
  both.batch_finished(totals, run);

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
  CHECK_NOTHROW(none.notice(notice_level::info, "x"));
}
