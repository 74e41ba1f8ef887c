// kill -9 at random moments, each followed by a start: nothing answered is lost, nothing fetched twice,
// nothing stuck. 12 kills; POFETCH_KILLS in the environment sets another number.
#include "coupa-sim/simulator.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

constexpr int orders_of_batch = 12;

/// What has been answered of a batch.
struct promised {
  std::string id;
  std::string list;
  std::string key;
  bool paused = false;
  bool gone = false;
};

class siege {
 public:
  explicit siege(int kills) : kills_(kills), sim_(options_for(kills, site_.path())) {
    sim_.start();
    service_ = std::make_unique<running_service>(sim_.base_url(), site_.path(), words{"--max-running", "3"});
  }

  void run() {
    for (int kill = 0; kill < kills_; ++kill) {
      CAPTURE(kill);
      disturb(kill % 5);
      service_->kill();
      look_at_answer();
      check_fetched();
      whole_ = files_that_are_whole();
      sim_.reset_statistics();
      service_->start();
      check_promises();
      settle_unanswered();
    }
  }

  /// In the end all is there.
  void finish() {
    for (promised& each : all_) {
      if (each.gone) continue;
      CAPTURE(each.id);
      if (service_->state_of(each.id) == "paused")
        CHECK(service_->post("/v1/batches/" + each.id + "/resume").status == 202);
      const std::string done = service_->wait_for_state(each.id, {"completed"});
      CHECK(member(done, "totals.by_status.COMPLETED") == std::to_string(orders_of_batch));
      CHECK(service_->home().run({"verify", out_of(each.id)}).status == 0);
    }
    check_fetched();
    const auto folder = [&](const char* name) { return service_->home() / (std::string("data/") + name); };
    CHECK(fs::is_empty(folder("incoming")));
    std::size_t left = 0;
    for (const auto& each : fs::directory_iterator(folder("batches"))) left += each.is_directory() ? 1U : 0U;
    CHECK(left == static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(),
                                                         [](const promised& each) { return !each.gone; })));
    CHECK(service_->stop() == 0);
  }

 private:
  static coupa_sim::options options_for(int kills, const fs::path& folder) {
    coupa_sim::options made;
    made.pos = static_cast<std::uint64_t>((kills + 2) * orders_of_batch);
    made.attachments = {1, 2};
    made.size = {1000, 4000};
    made.latency = std::chrono::milliseconds{15};
    made.jitter = std::chrono::milliseconds{10};
    // A killed run cannot store its newest cookie.
    made.slide_every = 0;
    made.dir = folder.string();
    return made;
  }

  [[nodiscard]] std::string out_of(const std::string& id) const { return "data/batches/" + id + "/out"; }

  /// The next orders of the site: no other batch has them.
  std::string next_list() {
    std::string list = "po_number\n";
    for (int i = 0; i < orders_of_batch; ++i) list += std::to_string(7'000'001 + next_order_++) + "\n";
    return list;
  }

  void pause_for(int most) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<int>(0, most)(random_)));
  }

  /// Sends something, and does not wait for the answer.
  void send(const std::string& method, const std::string& target, const std::string& body,
            const std::string& fields, std::size_t most = std::string::npos) {
    line_ = std::make_unique<talk>(service_->where());
    line_->send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, most));
  }

  void submit(bool half) {
    promised made;
    made.list = next_list();
    made.key = "key-" + std::to_string(next_order_);
    send("POST", "/v1/batches", made.list, "Content-Type: text/csv\r\nIdempotency-Key: " + made.key + "\r\n",
         half ? made.list.size() / 2 : std::string::npos);
    asked_ = made;
    what_ = half ? "upload" : "submit";
  }

  promised* some(bool ended) {
    std::vector<promised*> fitting;
    for (promised& each : all_)
      if (!each.gone && (service_->state_of(each.id) == "completed") == ended) fitting.push_back(&each);
    if (fitting.empty()) return nullptr;
    return fitting[random_() % fitting.size()];
  }

  void disturb(int how) {
    what_.clear();
    if (how == 0) submit(true);
    if (how == 1) submit(false);
    if (how == 2) wait_for_one();
    if (how == 3) act(false, "pause", "POST", "/pause");
    if (how == 4) act(true, "delete", "DELETE", "?files=delete");
    pause_for(40);
  }

  /// Until a batch is whole: others are at work then, and some files must not be fetched again.
  void wait_for_one() {
    for (const promised& each : all_)
      if (!each.gone) return static_cast<void>(service_->wait_for_state(each.id, {"completed"}));
  }

  void act(bool ended, const char* what, const char* method, const char* behind) {
    promised* const found = some(ended);
    if (found == nullptr) return submit(false);
    asked_ = *found;
    what_ = what;
    send(method, "/v1/batches/" + found->id + behind, "", "");
  }

  /// What the service said before it died counts.
  void look_at_answer() {
    status_ = 0;
    if (what_.empty()) return;
    const answer got = line_->next();
    status_ = got.status;
    if (status_ == 201) asked_.id = member(got.body, "id");
  }

  promised& known(const std::string& id) {
    return *std::find_if(all_.begin(), all_.end(), [&](const promised& each) { return each.id == id; });
  }

  void check_promises() {
    if (what_ == "submit" && status_ == 201) all_.push_back(asked_);
    if (what_ == "pause" && status_ == 202) known(asked_.id).paused = true;
    if (what_ == "delete" && status_ == 204) known(asked_.id).gone = true;
    for (const promised& each : all_) {
      CAPTURE(each.id);
      const answer got = service_->get("/v1/batches/" + each.id);
      const bool may_be_gone = what_ == "delete" && each.id == asked_.id;
      if (!may_be_gone || each.gone) CHECK(got.status == (each.gone ? 404 : 200));
      const std::string state = member(got.body, "state");
      if (each.paused && !each.gone) CHECK((state == "paused" || state == "completed"));
      if (got.status == 200)
        CHECK(service_
                  ->ask("POST", "/v1/batches", each.list,
                        {{"Content-Type", "text/csv"}, {"Idempotency-Key", each.key}})
                  .field("location") == "/v1/batches/" + each.id);
    }
  }

  /// What was not answered is asked again, as a client does: once is enough.
  void settle_unanswered() {
    if (what_ == "upload" || (what_ == "submit" && status_ != 201)) {
      const answer again = service_->ask("POST", "/v1/batches", asked_.list,
                                         {{"Content-Type", "text/csv"}, {"Idempotency-Key", asked_.key}});
      REQUIRE_MESSAGE(again.status == 201, again.body);
      asked_.id = member(again.body, "id");
      all_.push_back(asked_);
    }
    if (what_ == "delete" && status_ != 204) {
      const int status = service_->ask("DELETE", "/v1/batches/" + asked_.id + "?files=delete").status;
      CHECK((status == 204 || status == 404));
      known(asked_.id).gone = true;
    }
    for (promised& each : all_) {
      if (each.gone || !(each.paused || (what_ == "pause" && each.id == asked_.id))) continue;
      const std::string state = service_->state_of(each.id);
      if (state == "paused") CHECK(service_->post("/v1/batches/" + each.id + "/resume").status == 202);
      each.paused = false;
    }
    const std::string items = service_->get("/v1/batches?limit=500").body;
    CHECK(count(items, "\"links\"") ==
          static_cast<std::size_t>(
              std::count_if(all_.begin(), all_.end(), [](const promised& e) { return !e.gone; })));
  }

  /// Paths at the site of the files that the ledgers call completed.
  std::set<std::string> files_that_are_whole() {
    std::set<std::string> paths;
    for (const promised& each : all_) {
      if (each.gone || !fs::exists(service_->home() / (out_of(each.id) + "/.pofetch/ledger.db"))) continue;
      const ended told = service_->home().run({"report", out_of(each.id), "--to", "whole.json"});
      if (told.status != 0) continue;  // killed before its list was read
      const std::string text = read_file(service_->home() / "whole.json");
      for (std::size_t at = text.find("\"url\""); at != std::string::npos;
           at = text.find("\"url\"", at + 1)) {
        const std::string piece = text.substr(at, text.find('}', at) - at);
        const std::size_t path = piece.find(sim_.base_url());
        if (path == std::string::npos || !has(piece, "\"COMPLETED\"") || !has(piece, "\"sha256\"") ||
            has(piece, "\"attachments\""))
          continue;
        const std::size_t from = path + sim_.base_url().size();
        paths.insert(piece.substr(from, piece.find('"', from) - from));
      }
    }
    return paths;
  }

  /// None of what was whole at the last start has been asked for since.
  void check_fetched() {
    for (const auto& asked : sim_.requests_by_path())
      CHECK_MESSAGE(whole_.count(asked.first) == 0, asked.first);
    whole_seen_ = std::max(whole_seen_, whole_.size());
  }

 public:
  [[nodiscard]] std::size_t whole_seen() const { return whole_seen_; }

 private:
  const int kills_;
  temp_dir site_;
  coupa_sim::simulator sim_;
  std::unique_ptr<running_service> service_;
  std::mt19937 random_{20'261'130};
  int next_order_ = 0;
  std::vector<promised> all_;

  // Of this round.
  std::unique_ptr<talk> line_;
  std::string what_;
  promised asked_;
  int status_ = 0;
  std::set<std::string> whole_;  ///< files, by their paths at the site, when it was started last
  std::size_t whole_seen_ = 0;
};

int kills_wanted() {
  const char* const wanted = std::getenv("POFETCH_KILLS");
  return wanted == nullptr ? 12 : std::stoi(wanted);
}

}  // namespace

TEST_CASE(
    "kill -9 while lists come in, batches run, pause and are deleted: nothing is lost, twice, or stuck") {
  siege all(kills_wanted());
  all.run();
  all.finish();
  // Else the look at what is fetched again has seen nothing.
  CHECK(all.whole_seen() > 0);
}
