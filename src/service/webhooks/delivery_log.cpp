#include "service/webhooks/delivery_log.hpp"

#include <limits>

namespace pofetch::service {

namespace {

using std::chrono::milliseconds;

constexpr const char* delivery_tables = R"sql(
BEGIN;
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY, webhook TEXT NOT NULL, type TEXT NOT NULL, batch TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL, last_status INTEGER NOT NULL, last_error TEXT NOT NULL,
  created_at INTEGER NOT NULL, next_try_at INTEGER NOT NULL, finished_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pending_deliveries ON deliveries (id) WHERE state = 'pending';
PRAGMA user_version = 2;
COMMIT;
)sql";

std::int64_t stamp(delivery::time_point when) {
  return std::chrono::duration_cast<milliseconds>(when.time_since_epoch()).count();
}

delivery::time_point time_of(std::int64_t stamped) { return delivery::time_point(milliseconds(stamped)); }

result<std::vector<delivery>> read_all(sqlite::statement& rows) {
  std::vector<delivery> all;
  for (;;) {
    const auto more = rows.step();
    if (!more) return more.error();
    if (!*more) return all;
    delivery one;
    one.id = rows.text("id");
    one.webhook = rows.text("webhook");
    one.type = rows.text("type");
    one.batch = rows.text("batch");
    one.body = rows.text("body");
    one.state = read_delivery_state(rows.text("state")).value_or(delivery_state::failed);
    one.tries = rows.integer("tries");
    one.last_status = rows.integer("last_status");
    one.last_error = rows.text("last_error");
    one.created_at = time_of(rows.integer("created_at"));
    one.next_try_at = time_of(rows.integer("next_try_at"));
    if (const std::int64_t ended = rows.integer("finished_at"); ended != 0) one.finished_at = time_of(ended);
    all.push_back(std::move(one));
  }
}

}  // namespace

const char* delivery_log::tables() noexcept { return delivery_tables; }

result<void> delivery_log::put(const delivery& what) {
  return db_.run(
      "INSERT OR REPLACE INTO deliveries (id, webhook, type, batch, body, state, tries, last_status, "
      "last_error, "
      "created_at, next_try_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      std::string_view(what.id), std::string_view(what.webhook), std::string_view(what.type),
      std::string_view(what.batch), std::string_view(what.body), to_string(what.state), what.tries,
      what.last_status, std::string_view(what.last_error), stamp(what.created_at), stamp(what.next_try_at),
      what.finished_at ? stamp(*what.finished_at) : std::int64_t{0});
}

result<std::vector<delivery>> delivery_log::pending() {
  auto rows = db_.query("SELECT * FROM deliveries WHERE state = 'pending' ORDER BY id");
  if (!rows) return rows.error();
  return read_all(*rows);
}

result<std::vector<delivery>> delivery_log::page(const delivery_filter& filter) {
  auto rows = db_.query(
      "SELECT * FROM deliveries WHERE (?1 = '' OR webhook = ?1) AND (?2 = '' OR state = ?2) AND (?3 = '' OR "
      "id < "
      "?3) ORDER BY id DESC LIMIT ?4");
  if (!rows) return rows.error();
  const std::string_view state = filter.state ? to_string(*filter.state) : std::string_view("");
  rows->bind_all(std::string_view(filter.webhook), state, std::string_view(filter.before),
                 static_cast<std::int64_t>(filter.limit));
  return read_all(*rows);
}

result<void> delivery_log::forget_old() {
  constexpr std::chrono::hours kept_for{24 * 30};
  return db_.run("DELETE FROM deliveries WHERE state <> 'pending' AND finished_at < ?",
                 stamp(std::chrono::system_clock::now() - kept_for));
}

}  // namespace pofetch::service
