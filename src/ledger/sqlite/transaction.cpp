#include "ledger/sqlite/transaction.hpp"

#include <utility>

namespace pofetch::sqlite {
namespace {

void undo(database& db) {
  // SQLite has already undone it after some errors (no space, I/O). A rollback that got no memory is tried
  // again: left open, the transaction would be in the way of all that follows.
  constexpr int tries = 3;
  for (int i = 0; i < tries && db.in_transaction(); ++i) static_cast<void>(db.execute("ROLLBACK"));
}

}  // namespace

result<transaction> transaction::begin(database& db) {
  auto begun = db.run("BEGIN IMMEDIATE");
  if (!begun) return begun.error();
  return transaction(db);
}

transaction::transaction(transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}

transaction::~transaction() {
  if (db_ != nullptr) undo(*db_);
}

result<void> transaction::commit() {
  auto done = db_->run("COMMIT");
  if (done) db_ = nullptr;
  return done;
}

result<read_snapshot> read_snapshot::begin(database& db) {
  // A visitor that reads again is inside the snapshot already.
  if (db.in_transaction()) return read_snapshot(nullptr);
  auto begun = db.run("BEGIN");
  if (!begun) return begun.error();
  return read_snapshot(&db);
}

read_snapshot::read_snapshot(read_snapshot&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}

read_snapshot::~read_snapshot() {
  if (db_ != nullptr) undo(*db_);
}

}  // namespace pofetch::sqlite
