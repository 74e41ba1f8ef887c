#include "service/batches/batch_index.hpp"

#include "ledger/sqlite/database.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

#include <chrono>

// service.db: a SQLite 3 database with application_id 0x504F4653 ("POFS") and user_version 2.
//
// batches      one row a batch
//   id         as in its address; sorts by time
//   kept       JSON, see kept_json
// keys         Idempotency-Key fields
//   scope      name of the token, and the route
//   made_at    seconds since 1970
//
// deliveries   messages to webhooks, since user_version 2: see delivery_log

namespace pofetch::service {

namespace {

constexpr std::int64_t index_id = 0x504F4653;
constexpr std::int64_t index_version = 2;

constexpr const char* index_tables = R"sql(
BEGIN;
PRAGMA application_id = 0x504F4653;
PRAGMA user_version = 1;
CREATE TABLE batches (id TEXT PRIMARY KEY, kept TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE keys (
  scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, batch TEXT NOT NULL, made_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
COMMIT;
)sql";

failure index_refused(const std::filesystem::path& file, std::string_view why) {
  return make_failure(
      errc::ledger,
      fmt::format("The index {} {}. It is not overwritten: bring it back from a backup, or start "
                  "with another folder (--data).",
                  file.string(), why));
}

constexpr std::int64_t key_seconds = 7 * 24 * 3600;

}  // namespace

struct batch_index::state {
  state(sqlite::database opened, clock time) : db(std::move(opened)), now(std::move(time)) {}
  [[nodiscard]] std::int64_t seconds_now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
  }
  sqlite::database db;
  clock now;
  delivery_log deliveries{db};
};

batch_index::batch_index(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
batch_index::~batch_index() = default;

result<std::unique_ptr<batch_index>> batch_index::open(const std::filesystem::path& file, clock now) {
  std::error_code ignored;
  const bool fresh = !std::filesystem::exists(file, ignored);
  auto db = sqlite::database::open(file, sqlite::access::create);
  if (!db) return db.error();
  auto tables = db->number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return index_refused(file, "cannot be read, or is damaged");
  auto mode = db->text("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  if (auto set = db->execute("PRAGMA synchronous = FULL"); !set) return set.error();
  const auto id = db->number("PRAGMA application_id");
  const auto version = db->number("PRAGMA user_version");
  if (!id || !version) return index_refused(file, "is damaged");
  // A service that was killed while it made its first tables left none.
  if (*tables == 0 && *id == 0) {
    if (auto made = db->execute(index_tables); !made) return made.error();
  } else if (*id != index_id) {
    return index_refused(file, "belongs to another program");
  } else if (*version > index_version) {
    return index_refused(file, "was written by a newer pofetch");
  }
  if (*version < 2)
    if (auto made = db->execute(delivery_log::tables()); !made) return made.error();
  if (!fresh) {
    const auto sound = db->text("PRAGMA quick_check(1)");
    if (!sound || *sound != "ok") return index_refused(file, "is damaged");
  }
  return std::unique_ptr<batch_index>(
      new batch_index(std::unique_ptr<state>(new state(std::move(*db), std::move(now)))));
}

result<std::vector<batch_record>> batch_index::all() {
  auto rows = state_->db.query("SELECT id, kept FROM batches ORDER BY id");
  if (!rows) return rows.error();
  std::vector<batch_record> made;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) return made;
    auto record = read_kept(rows->text("kept"));
    if (!record || record->id != rows->text("id"))
      return make_failure(errc::ledger,
                          fmt::format("The index is damaged: batch {} cannot be read.", rows->text("id")));
    made.push_back(std::move(*record));
  }
}

result<void> batch_index::add(const batch_record& record, const std::optional<kept_key>& key) {
  auto writing = sqlite::transaction::begin(state_->db);
  if (!writing) return writing.error();
  const std::string kept = kept_json(record);
  auto done = state_->db.run("INSERT INTO batches (id, kept) VALUES (?, ?)", std::string_view(record.id),
                             std::string_view(kept));
  if (done && key)
    done = state_->db.run(
        "INSERT OR REPLACE INTO keys (scope, key, fingerprint, batch, made_at) VALUES (?, ?, ?, ?, ?)",
        std::string_view(key->scope), std::string_view(key->key), std::string_view(key->fingerprint),
        std::string_view(key->batch), state_->seconds_now());
  if (!done) return done;
  return writing->commit();
}

result<void> batch_index::save(const std::string& id, const std::string& kept,
                               const std::vector<delivery>& news) {
  auto writing = sqlite::transaction::begin(state_->db);
  if (!writing) return writing.error();
  auto done = state_->db.run("UPDATE batches SET kept = ?2 WHERE id = ?1", std::string_view(id),
                             std::string_view(kept));
  for (const delivery& each : news)
    if (done) done = state_->deliveries.put(each);
  if (!done) return done;
  return writing->commit();
}

result<void> batch_index::remove(const std::string& id) {
  return state_->db.run("DELETE FROM batches WHERE id = ?", std::string_view(id));
}

result<std::optional<kept_key>> batch_index::find_key(const std::string& scope, const std::string& key) {
  auto row =
      state_->db.query("SELECT fingerprint, batch FROM keys WHERE scope = ? AND key = ? AND made_at >= ?");
  if (!row) return row.error();
  row->bind_all(std::string_view(scope), std::string_view(key), state_->seconds_now() - key_seconds);
  const auto found = row->step();
  if (!found) return found.error();
  if (!*found) return std::optional<kept_key>();
  return std::optional<kept_key>(kept_key{scope, key, row->text("fingerprint"), row->text("batch")});
}

delivery_log& batch_index::deliveries() noexcept { return state_->deliveries; }

result<void> batch_index::forget_old_keys() {
  return state_->db.run("DELETE FROM keys WHERE made_at < ?", state_->seconds_now() - key_seconds);
}

}  // namespace pofetch::service
