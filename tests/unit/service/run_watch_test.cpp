#include "service/batches/run_watch.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;
using namespace pofetch::service;

namespace {

po_outcome outcome_of(po_status status, std::size_t files) {
  po_outcome made;
  made.po.number = "7";
  made.status = status;
  made.attachments.resize(files);
  for (auto& each : made.attachments) {
    each.status = attachment_status::completed;
    each.bytes = 10;
  }
  return made;
}

batch_totals with(std::uint64_t pending, std::uint64_t completed, std::uint64_t failed) {
  batch_totals made;
  made.by_status[0] = pending;
  made.by_status[1] = completed;
  made.by_status[3] = failed;
  made.purchase_orders = pending + completed + failed;
  return made;
}

void start(run_watch& watch, const batch_totals& totals) {
  watch.on(event::batch_started{share(totals), share(intake_counts{}), 1});
}
void finish(run_watch& watch, const po_outcome& outcome) { watch.on(event::po_finished{0, share(outcome)}); }

}  // namespace

TEST_CASE("run watch: what a run takes up is to be done, and counts when it is finished") {
  int woken = 0;
  run_watch watch([&woken] { ++woken; }, std::nullopt);
  start(watch, with(2, 5, 1));
  CHECK(watch.take().now.totals.by_status[0] == 3);
  finish(watch, outcome_of(po_status::completed, 2));
  finish(watch, outcome_of(po_status::failed, 0));
  CHECK(woken == 1);
  const run_news news = watch.take();
  CHECK(news.events.size() == 2);
  CHECK(news.now.totals.by_status[0] == 1);
  CHECK(news.now.totals.by_status[1] == 6);
  CHECK(news.now.totals.by_status[3] == 1);
  CHECK(news.now.totals.attachments_found == 2);
  CHECK(news.now.finished == 2);
  CHECK_FALSE(news.done.has_value());
  finish(watch, outcome_of(po_status::completed, 1));
  CHECK(woken == 2);
  watch.ended({});
  CHECK(woken == 3);
  CHECK(watch.take().done.has_value());
}

TEST_CASE("run watch: of a retry, only what was chosen is to be done again") {
  pofetch::core::status_counts chosen{};
  chosen[3] = 2;
  run_watch watch([] {}, chosen);
  start(watch, with(1, 5, 4));
  const batch_totals now = watch.take().now.totals;
  CHECK(now.by_status[0] == 3);
  CHECK(now.by_status[3] == 2);
}

TEST_CASE("run watch: memory stays bounded, and what was lost is counted") {
  run_watch watch([] {}, std::nullopt);
  for (std::size_t i = 0; i < run_watch::most_events + 7; ++i)
    watch.on(event::notice{notice_level::info, "x"});
  const run_news news = watch.take();
  CHECK(news.events.size() == run_watch::most_events);
  CHECK(news.lost == 7);
  CHECK(watch.take().lost == 0);
}

TEST_CASE("run watch: no secret of a notice is passed on") {
  run_watch watch([] {}, std::nullopt);
  watch.on(event::notice{notice_level::warning, "https://h/x?token=geheim and Cookie: a=geheim"});
  const run_news news = watch.take();
  REQUIRE(news.events.size() == 1);
  CHECK(news.events.front().data.find("geheim") == std::string::npos);
}
