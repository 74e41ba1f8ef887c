#include "service/batches/batch_index.hpp"

#include "ledger/sqlite/database.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace pofetch::service;
using pofetch::test::read_file;
using pofetch::test::temp_dir;
using pofetch::test::write_file;

namespace {

batch_record some_record(std::string id) {
  batch_record made;
  made.id = std::move(id);
  made.name = "M\xc3\xa4rz \"quoted\"";
  made.labels = {"a", "b"};
  made.urgency = priority::high;
  made.source = "web";
  made.profile = "main";
  made.options = {{"workers", 3}};
  made.list_file = "list.csv";
  made.list_read = true;
  made.chosen = pofetch::work_choice{{pofetch::po_status::failed}, false, {"timeout"}, {"7"}};
  made.state = batch_state::incomplete;
  made.reason = batch_reason{"timeout", "no answer", "Wait."};
  made.rows = 12;
  made.columns = {"PO", "X"};
  made.sums.totals.by_status[1] = 7;
  made.sums.totals.purchase_orders = 12;
  made.sums.totals.bytes = 1'000'000'000'000;
  made.sums.elapsed_seconds = 1.5;
  made.created_at = made.queued_at =
      std::chrono::system_clock::time_point(std::chrono::seconds{1'800'000'000});
  made.finished_at = made.created_at;
  made.revision = 42;
  return made;
}

}  // namespace

TEST_CASE("index: what is kept comes back") {
  const temp_dir folder;
  {
    auto index = batch_index::open(folder / "service.db");
    REQUIRE(index.has_value());
    REQUIRE((*index)->add(some_record("b"), kept_key{"erp POST", "k", "f", "b"}).has_value());
    REQUIRE((*index)->add(some_record("a"), std::nullopt).has_value());
    CHECK_FALSE((*index)->add(some_record("a"), std::nullopt).has_value());
  }
  auto index = batch_index::open(folder / "service.db");
  REQUIRE(index.has_value());
  const auto all = (*index)->all();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  CHECK(kept_json(all->front()) == kept_json(some_record("a")));
  const auto key = (*index)->find_key("erp POST", "k");
  REQUIRE(key.has_value());
  REQUIRE(key->has_value());
  CHECK((*key)->batch == "b");
  CHECK((*key)->fingerprint == "f");
  CHECK_FALSE((*index)->find_key("other", "k")->has_value());
  REQUIRE((*index)->remove("a").has_value());
  CHECK((*index)->all()->size() == 1);
}

TEST_CASE("index: a key is kept with its batch, or neither is") {
  const temp_dir folder;
  auto index = batch_index::open(folder / "service.db");
  REQUIRE((*index)->add(some_record("a"), std::nullopt).has_value());
  CHECK_FALSE((*index)->add(some_record("a"), kept_key{"s", "k", "f", "a"}).has_value());
  CHECK_FALSE((*index)->find_key("s", "k")->has_value());
}

TEST_CASE("index: what is damaged or another program's is left as it is") {
  const temp_dir folder;
  write_file(folder / "text.db", "this is no database, and it is long enough to be looked at as one");
  CHECK_FALSE(batch_index::open(folder / "text.db").has_value());
  CHECK(read_file(folder / "text.db").starts_with("this is no database"));
  {
    auto index = batch_index::open(folder / "service.db");
    for (int i = 0; i < 200; ++i)
      REQUIRE((*index)->add(some_record("id" + std::to_string(i)), std::nullopt).has_value());
  }
  std::string bytes = read_file(folder / "service.db");
  REQUIRE(bytes.size() > 20'000);
  for (std::size_t at = 8192; at < 16'384; ++at) bytes[at] = 'x';
  write_file(folder / "broken.db", bytes);
  CHECK_FALSE(batch_index::open(folder / "broken.db").has_value());
  CHECK(read_file(folder / "broken.db") == bytes);
}

TEST_CASE("index: a key is known for seven days, while the service runs as well") {
  const temp_dir folder;
  auto time = std::chrono::system_clock::time_point(std::chrono::seconds{1'800'000'000});
  auto index = batch_index::open(folder / "service.db", [&time] { return time; });
  REQUIRE((*index)->add(some_record("a"), kept_key{"s", "k", "f", "a"}).has_value());
  const auto is_known = [&index] { return (*index)->find_key("s", "k")->has_value(); };
  const auto made = time;
  time = made + std::chrono::hours{7 * 24};
  REQUIRE((*index)->forget_old_keys().has_value());
  CHECK(is_known());
  time += std::chrono::seconds{1};
  CHECK_FALSE(is_known());
  // It may be used again, whether or not its row is still there.
  REQUIRE((*index)->add(some_record("b"), kept_key{"s", "k", "g", "b"}).has_value());
  CHECK((*(*index)->find_key("s", "k"))->batch == "b");
  time += std::chrono::hours{8 * 24};
  REQUIRE((*index)->forget_old_keys().has_value());
  time = made;
  CHECK_FALSE(is_known());
}

TEST_CASE("index: one of version 1 becomes one of version 2, with all that it holds") {
  const temp_dir folder;
  {
    auto old = pofetch::sqlite::database::open(folder / "service.db", pofetch::sqlite::access::create);
    REQUIRE(old.has_value());
    REQUIRE(
        old->execute("BEGIN; PRAGMA application_id = 0x504F4653; PRAGMA user_version = 1;"
                     "CREATE TABLE batches (id TEXT PRIMARY KEY, kept TEXT NOT NULL) STRICT, WITHOUT ROWID;"
                     "CREATE TABLE keys (scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,"
                     " batch TEXT NOT NULL, made_at INTEGER NOT NULL, PRIMARY KEY (scope, key)) STRICT,"
                     " WITHOUT ROWID;"
                     "INSERT INTO keys VALUES ('s', 'k', 'f', 'a', unixepoch());"
                     "COMMIT;")
            .has_value());
    const std::string kept = kept_json(some_record("a"));
    REQUIRE(old->run("INSERT INTO batches (id, kept) VALUES ('a', ?)", std::string_view(kept)).has_value());
  }
  for (int start = 0; start < 2; ++start) {
    CAPTURE(start);
    auto index = batch_index::open(folder / "service.db");
    REQUIRE(index.has_value());
    const auto all = (*index)->all();
    REQUIRE(all->size() == 1);
    CHECK(kept_json(all->front()) == kept_json(some_record("a")));
    CHECK((*index)->find_key("s", "k")->has_value());
    const auto unsent = (*index)->deliveries().pending();
    REQUIRE(unsent.has_value());
    CHECK(unsent->size() == static_cast<std::size_t>(start));
    delivery news;
    news.id = "msg_1";
    news.webhook = "erp";
    REQUIRE((*index)->save("a", kept_json(some_record("a")), {news}).has_value());
  }
  auto made = pofetch::sqlite::database::open(folder / "service.db", pofetch::sqlite::access::create);
  CHECK(*made->number("PRAGMA user_version") == 2);
}
