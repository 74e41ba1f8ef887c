// A folder that is kept up to date while the site changes beneath it, with answers that go wrong and kills.
// In the end it holds every version that a refresh could have seen, byte for byte, none twice. POFETCH_SOAK
// in the environment makes it the long form: 2,000 orders, 20 refreshes, 20 kills.
#include "crash/site.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace pofetch;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct soak_size {
  unsigned orders = 30;
  unsigned refreshes = 3;
  unsigned kills = 3;
  unsigned changes = 12;  ///< before and during each refresh
  std::chrono::seconds patience{300};
  /// Much of the time is spent in waits before retries: many at once make the long form bearable.
  unsigned workers = 8;
};

soak_size size_of_soak() {
  if (std::getenv("POFETCH_SOAK") != nullptr) return {2000, 20, 20, 600, 1800s, 32};
  return {};
}

coupa_sim::options changing_site_options(unsigned orders) {
  coupa_sim::options options;
  options.pos = orders;
  options.attachments = {0, 4};
  options.size = {100, 20 * 1024};
  options.latency = 1ms;
  options.jitter = 4ms;
  options.requisition_percent = 15;
  options.redirect_percent = 20;
  options.fail_percent = 10;
  options.validators = coupa_sim::page_validators::both;
  options.api_rate = 0;
  // A killed run cannot store its newest cookie.
  options.slide_every = 0;
  return options;
}

/// The site's past: every version of every file that there ever was.
class history {
 public:
  explicit history(coupa_sim::simulator& sim) : sim_(sim) {
    const auto& data = sim_.data();
    for (std::uint64_t i = 0; i < data.count(); ++i) {
      orders_.push_back(data.first() + i);
      const auto order = data.order(orders_.back());
      for (const auto& file : order.files) note(order.number, file);
    }
  }

  /// Something comes, changes or goes.
  void change(std::mt19937& random) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t po = orders_[random() % orders_.size()];
    const auto order = sim_.data().order(po);
    const std::uint64_t what = random() % 100;
    if (order.files.empty() || what < 40) {
      coupa_sim::new_file wanted;
      if (!order.requisitions.empty() && what % 2 == 0) wanted.owner = 1;
      note(po, sim_.data().attach(po, wanted));
      return;
    }
    const auto file = order.files[random() % order.files.size()];
    alive_.erase(file.id);
    if (what < 75)
      note(po, sim_.data().replace(
                   file.id, what % 3 == 0 ? std::optional<std::uint64_t>(file.size + what) : std::nullopt));
    else
      (void)sim_.data().detach(file.id);
  }

  /// Versions that are there now.
  [[nodiscard]] std::set<std::size_t> alive() const {
    const std::lock_guard lock(mutex_);
    std::set<std::size_t> all;
    for (const auto& each : alive_) all.insert(each.second);
    return all;
  }

  /// What is wrong with the folder, if these versions must be there; empty: nothing.
  [[nodiscard]] std::string complaint(const fs::path& out, const std::set<std::size_t>& must) const {
    std::string text;
    std::map<std::pair<std::string, std::string>, std::string> found;  // order and content to path
    for (const auto& [path, content] : test::tree(out)) {
      const std::string order = path.substr(0, path.find('/'));
      const auto [known, fresh] = found.try_emplace({order, content}, path);
      if (!fresh) text += "twice: " + path + " and " + known->second + "; ";
      if (versions_.count({order, content}) == 0) text += "never was: " + path + "; ";
    }
    for (const auto& [version, number] : versions_)
      if (must.count(number) != 0 && found.count(version) == 0)
        text += "missing: a version of order " + version.first + "; ";
    return text;
  }

 private:
  void note(std::uint64_t po, const coupa_sim::file_facts& file) {
    std::string content;
    coupa_sim::for_each_piece(sim_.data().content_of(file),
                              [&content](std::string_view piece) { content += piece; });
    const std::size_t number = versions_.size();
    versions_.emplace(std::pair(std::to_string(po), std::move(content)), number);
    alive_[file.id] = number;
  }

  coupa_sim::simulator& sim_;
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> orders_;
  std::map<std::pair<std::string, std::string>, std::size_t> versions_;
  std::map<std::uint64_t, std::size_t> alive_;
};

/// Changes the site on a thread of its own, for as long as it lives.
class meanwhile {
 public:
  meanwhile(history& past, std::uint64_t seed, unsigned changes)
      : thread_([this, &past, seed, changes] {
          std::mt19937 random(seed);
          for (unsigned i = 0; i < changes && !over_; ++i) {
            past.change(random);
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % 20));
          }
        }) {}
  ~meanwhile() {
    over_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

void soak(const std::vector<std::string>& more,
          const std::function<void(test::process_setup&, const test::site&)>& sign_in) {
  const soak_size size = size_of_soak();
  test::site s(changing_site_options(size.orders));
  history past(s.sim);
  std::mt19937 random(20261130);
  std::vector<std::string> options{
      "--retries", "10", "--idle-timeout", "2s", "--no-adaptive", "--workers", std::to_string(size.workers)};
  options.insert(options.end(), more.begin(), more.end());
  const auto command = [&](bool refresh) {
    auto all = options;
    if (refresh) all.push_back("--refresh");
    test::process_setup setup = s.command(s.out(), all);
    sign_in(setup, s);
    return setup;
  };
  std::set<std::size_t> must;
  /// To its end; what was there all the while must have been seen.
  const auto whole_run = [&](bool refresh, unsigned changes) {
    const auto before = past.alive();
    test::process run(command(refresh));
    {
      const meanwhile changing(past, random(), changes);
      REQUIRE_MESSAGE(run.wait(size.patience), run.err());
    }
    CHECK_MESSAGE((run.status() == 0 || run.status() == 1), run.err());
    const auto after = past.alive();
    for (const std::size_t version : after)
      if (before.count(version) != 0) must.insert(version);
    return run.status();
  };
  CHECK(whole_run(false, 0) == 0);
  CHECK_MESSAGE(past.complaint(s.out(), must).empty(), past.complaint(s.out(), must));

  unsigned killed = 0;
  for (unsigned round = 0; round < size.refreshes; ++round) {
    for (unsigned i = 0; i < size.changes; ++i) past.change(random);
    while (killed < (round + 1) * size.kills / size.refreshes) {
      test::process run(command(true));
      const meanwhile changing(past, random(), size.changes / 4);
      if (run.wait(std::chrono::milliseconds(20 + random() % (100 + size.orders * 4)))) break;
      run.send(SIGKILL);
      REQUIRE(run.wait(30s));
      ++killed;
      const auto looked =
          verify_batch(s.out(), [](const damage& found) { FAIL_CHECK(found.path << " " << found.problem); });
      CHECK(looked.has_value());
    }
    (void)whole_run(true, size.changes / 2);
    CHECK_MESSAGE(past.complaint(s.out(), must).empty(), past.complaint(s.out(), must));
  }
  CHECK(killed > 0);
  // Left alone, all is there, and one more look brings nothing.
  std::this_thread::sleep_for(3s);
  CHECK(whole_run(true, 0) == 0);
  CHECK_MESSAGE(past.complaint(s.out(), must).empty(), past.complaint(s.out(), must));
  const test::files before = test::tree(s.out());
  CHECK(whole_run(true, 0) == 0);
  CHECK(test::tree(s.out()) == before);
  CHECK(verify_batch(s.out(), [](const damage&) {})->wrong == 0);
  CHECK(fs::is_empty(s.out() / ".pofetch/partial"));
}

}  // namespace

TEST_CASE(
    "refresh, source web: kept up to date through changes, faults and kills, nothing is missed, nothing "
    "twice") {
  soak({}, [](test::process_setup&, const test::site&) {});
}

TEST_CASE("refresh, source api: the same") {
  soak({"--source", "api", "--requests-per-second", "100000"},
       [](test::process_setup& setup, const test::site& s) {
         setup.environment["POFETCH_API_KEY"] = s.sim.api_key();
       });
}
