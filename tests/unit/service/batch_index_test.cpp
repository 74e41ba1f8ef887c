#include "service/batches/batch_index.hpp"

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
