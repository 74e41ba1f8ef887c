#include "cluster/fleet.hpp"

#include "support/postgres_query.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace pofetch::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

std::string next_database() {
  static int count = 0;
  return "fleet" + std::to_string(++count);
}

}  // namespace

postgres_server& database() {
  static postgres_server one;
  return one;
}

fleet::fleet(coupa_sim::options wanted) : from(std::move(wanted)), url_(database().url(next_database())) {}

process_setup fleet::node(const std::string& name, const std::vector<std::string>& more) const {
  process_setup setup = from.command(out(), {"--ledger", url_, "--node", name});
  setup.arguments.front() = "work";
  setup.arguments.insert(setup.arguments.end(), more.begin(), more.end());
  return setup;
}

std::unique_ptr<process> fleet::start(const std::string& name, const std::vector<std::string>& more) const {
  return std::make_unique<process>(node(name, more));
}

outcome fleet::tell(const std::vector<std::string>& words) const {
  process_setup setup;
  setup.program = POFETCH_PROGRAM;
  setup.arguments = words;
  setup.arguments.insert(setup.arguments.end(), {"--ledger", url_});
  setup.environment["HOME"] = from.dir.path().string();
  return ended(setup);
}

std::string fleet::query(const std::string& sql) const { return query_postgres(url_, sql); }

void fleet::await(const std::string& sql, const std::string& answer) const {
  std::string last;
  for (const auto until = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < until;) {
    last = query(sql);
    if (last == answer) return;
    std::this_thread::sleep_for(20ms);
  }
  FAIL(sql << " never gave " << answer << ", but " << last);
}

std::string fleet::broken() const {
  std::string text = difference(tree(out()), from.everything());
  const auto expect = [&](const std::string& sql, const std::string& answer) {
    if (const std::string got = query(sql); got != answer) text += sql + ": " + got + "; ";
  };
  // Numbers of states: pofetch/purchase_order.hpp, pofetch/attachment.hpp.
  expect("SELECT count(*) FROM pofetch.purchase_orders WHERE status NOT IN (1, 4)", "0");
  expect("SELECT count(*) FROM pofetch.purchase_orders", std::to_string(from.sim.data().count()));
  expect("SELECT count(*) FROM pofetch.attachments WHERE status = 2",
         std::to_string(from.everything().size()));
  expect("SELECT count(*) FROM pofetch.work", "0");
  expect("SELECT string_agg(i::text, '; ') FROM pofetch.intents AS i", "");
  expect("SELECT string_agg(state, ',') FROM pofetch.batches", "finished");
  if (!fs::is_empty(out() / ".pofetch/partial")) text += "bodies of nodes are left; ";
  shared_ledger ledger;
  ledger.address = url_;
  const auto looked =
      verify_batch(ledger, {}, [&text](const damage& found) { text += found.path + " " + found.problem; });
  if (!looked) text += looked.error().message;
  return text;
}

std::uint64_t fleet::fetched_again() const {
  const std::uint64_t asked = from.sim.statistics().downloads;
  const std::uint64_t files = from.everything().size();
  REQUIRE(asked >= files);
  return asked - files;
}

}  // namespace pofetch::test
