#include "service/batches/batch_index.hpp"
#include "service/webhooks/signature.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace pofetch::service;
using pofetch::test::temp_dir;
using pofetch::test::write_file;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

delivery some_delivery(const std::string& id, const std::string& webhook) {
  delivery made;
  made.id = id;
  made.webhook = webhook;
  made.type = "batch.completed";
  made.batch = std::string(26, '0');
  made.body = "{}";
  made.created_at = made.next_try_at = std::chrono::floor<seconds>(std::chrono::system_clock::now());
  return made;
}

}  // namespace

TEST_CASE("webhook: the signature of Standard Webhooks' own example") {
  const temp_dir folder;
  write_file(folder / "key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
  const auto key = load_webhook_key(folder / "key");
  REQUIRE(key.has_value());
  CHECK(webhook_signature(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds{1'614'265'330},
                          R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("webhook: a key is what the file holds, and no message shows it") {
  struct row {
    std::string bytes;
    std::string key;  ///< empty: it is refused
  };
  const std::vector<row> rows = {
      {"whsec_aGVsbG8=", "hello"},
      {"whsec_aGVsbG8=\r\n", "hello"},
      {"geheim\n", "geheim"},
      {"geheim", "geheim"},
      {"\x01\x02\n", "\x01\x02\n"},
      {"", ""},
      {"\n", ""},
      {"whsec_!geheim", ""},
      {std::string(5000, 'a'), ""},
  };
  for (const row& each : rows) {
    CAPTURE(each.bytes);
    const temp_dir folder;
    write_file(folder / "key", each.bytes);
    const auto key = load_webhook_key(folder / "key");
    CHECK(key.has_value() == !each.key.empty());
    if (key) CHECK(*key == each.key);
    if (!key) CHECK(key.error().message.find("geheim") == std::string::npos);
  }
  CHECK_FALSE(load_webhook_key("/no/such/file").has_value());
}

TEST_CASE("delivery: tried again after 5 s and longer, up to an hour, for 24 hours") {
  delivery one = some_delivery("a", "erp");
  auto now = one.created_at;
  const try_result busy{503, "it answered 503"};
  for (const int pause : {5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600}) {
    note_try(one, busy, now);
    CHECK(one.state == delivery_state::pending);
    CHECK(one.next_try_at - now == seconds{pause});
    now = one.next_try_at;
  }
  int tries = 12;
  while (one.state == delivery_state::pending && ++tries < 100) {
    note_try(one, busy, now);
    now = one.next_try_at;
  }
  CHECK(one.state == delivery_state::failed);
  CHECK(one.tries == tries);
  CHECK(*one.finished_at - one.created_at <= hours{24});
  CHECK(*one.finished_at - one.created_at > hours{23});
}

TEST_CASE("delivery: taken at once, or refused for good") {
  delivery one = some_delivery("a", "erp");
  note_try(one, {204, ""}, one.created_at);
  CHECK(one.state == delivery_state::delivered);
  CHECK(one.last_status == 204);
  delivery other = some_delivery("b", "erp");
  note_try(other, {0, "its address", true}, other.created_at);
  CHECK(other.state == delivery_state::failed);
  CHECK(other.last_error == "its address");
}

TEST_CASE("deliveries: kept with the batch, page by page, newest first") {
  const temp_dir folder;
  auto index = batch_index::open(folder / "service.db");
  REQUIRE(index.has_value());
  REQUIRE((*index)->save("id", "{}", {some_delivery("1", "erp"), some_delivery("2", "log")}).has_value());
  delivery_log& log = (*index)->deliveries();
  delivery third = some_delivery("3", "erp");
  note_try(third, {500, "it answered 500"}, third.created_at);
  REQUIRE(log.put(third).has_value());
  delivery first = some_delivery("1", "erp");
  note_try(first, {200, ""}, first.created_at);
  REQUIRE(log.put(first).has_value());
  const auto ids = [](const auto& found) {
    std::string made;
    REQUIRE(found.has_value());
    for (const delivery& each : *found) made += each.id;
    return made;
  };
  CHECK(ids(log.pending()) == "23");
  CHECK(ids(log.page({})) == "321");
  CHECK(ids(log.page({"erp", {}, "", 100})) == "31");
  CHECK(ids(log.page({"", delivery_state::delivered, "", 100})) == "1");
  CHECK(ids(log.page({"", {}, "3", 1})) == "2");
  const auto kept = log.pending()->back();
  CHECK(kept.tries == 1);
  CHECK(kept.last_status == 500);
  CHECK(kept.next_try_at == third.next_try_at);
  delivery old = some_delivery("0", "erp");
  note_try(old, {200, ""}, old.created_at - hours{24 * 31});
  REQUIRE(log.put(old).has_value());
  REQUIRE(log.forget_old().has_value());
  CHECK(ids(log.page({})) == "321");
}
