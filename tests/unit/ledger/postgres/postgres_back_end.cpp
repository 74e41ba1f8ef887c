#include "postgres_back_end.hpp"

#include "support/postgres_query.hpp"

namespace pofetch::test {
namespace {

const std::string& database_url() {
  static const std::string url = server().url("cases");
  return url;
}

std::string next_batch() {
  static int count = 0;
  return "batch " + std::to_string(++count);
}

postgres::ledger_options options_of(const std::string& batch, const std::string& node, bool to_write) {
  return {session_at(database_url(), to_write), batch, node};
}

}  // namespace

postgres_server& server() {
  static postgres_server one;
  return one;
}

postgres::session_options session_at(const std::string& url, bool to_write) {
  return {must(postgres::address::read(url)), to_write, std::chrono::seconds(30)};
}

postgres_back_end::postgres_back_end() : batch_(next_batch()) {}

std::unique_ptr<ledger> postgres_back_end::open() { return open_node("case"); }

std::unique_ptr<postgres::postgres_ledger> postgres_back_end::open_node(const std::string& name) const {
  return must(postgres::postgres_ledger::open(options_of(batch_, name, true)));
}

std::unique_ptr<ledger> postgres_back_end::open_to_read() {
  return must(postgres::postgres_ledger::open(options_of(batch_, {}, false)));
}

std::string postgres_back_end::url() { return database_url(); }

std::string postgres_back_end::bytes() {
  return query(
      "SELECT l::text FROM pofetch.listed_attachments AS l JOIN pofetch.purchase_orders AS p ON p.id = "
      "l.po_id JOIN "
      "pofetch.batches AS b ON b.id = p.batch WHERE b.name = '" +
      batch_ + "'");
}

std::string query(const std::string& sql) { return query_postgres(database_url(), sql); }

std::unique_ptr<back_end> make_back_end() { return std::make_unique<postgres_back_end>(); }

}  // namespace pofetch::test
