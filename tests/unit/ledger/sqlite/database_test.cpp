#include "ledger/sqlite/database.hpp"

#include "ledger/sqlite/transaction.hpp"
#include "samples.hpp"

#include <limits>
#include <stdexcept>

using namespace pofetch;
using namespace pofetch::test;
using sqlite::database;
using sqlite::transaction;

TEST_CASE("statement: values of every kind, come back as they were bound") {
  auto db = must(database::open_temporary());
  must(db.execute("CREATE TABLE t (a, b, c, d, e)"));
  const std::string nul("a\0b", 3);
  must(db.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", std::int64_t{-5}, nul, 2.5, nullptr,
              std::string_view()));
  auto row = must(db.query("SELECT a, b, c, d, e FROM t"));
  REQUIRE(must(row.step()));
  CHECK(row.integer("a") == -5);
  CHECK(row.count("a") == 0);
  CHECK(row.text("b") == nul);
  CHECK(row.real("c") == 2.5);
  CHECK(row.is_null("d"));
  CHECK_FALSE(row.is_null("e"));
  CHECK(row.text("e").empty());
  // In any order, and what is not there is a bug.
  CHECK(row.integer("a") == -5);
  CHECK(row.text("b") == nul);
  CHECK_THROWS_AS(static_cast<void>(row.text("f")), std::logic_error);
  CHECK_FALSE(must(row.step()));
}

TEST_CASE("statement: number that SQLite cannot hold, is stored as the largest") {
  auto db = must(database::open_temporary());
  must(db.execute("CREATE TABLE t (a)"));
  must(db.run("INSERT INTO t VALUES (?)", std::numeric_limits<std::uint64_t>::max()));
  CHECK(must(db.number("SELECT a FROM t")) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("statement: parameter that is not there, fails when it is run") {
  auto db = must(database::open_temporary());
  auto row = must(db.query("SELECT ?"));
  row.bind(2, 1);
  CHECK_FALSE(row.step());
}

TEST_CASE("query: same text used twice at once, both stand by themselves") {
  auto db = must(database::open_temporary());
  must(db.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"));
  constexpr const char* sql = "SELECT a FROM t WHERE a >= ? ORDER BY a";
  auto outer = must(db.query(sql));
  outer.bind(1, 1);
  REQUIRE(must(outer.step()));
  auto inner = must(db.query(sql));
  inner.bind(1, 2);
  REQUIRE(must(inner.step()));
  CHECK(inner.only_integer() == 2);
  CHECK(outer.only_integer() == 1);
  REQUIRE(must(outer.step()));
  CHECK(outer.only_integer() == 2);
}

TEST_CASE("query: borrowed again, knows nothing of the parameters before") {
  auto db = must(database::open_temporary());
  constexpr const char* sql = "SELECT ? IS NULL";
  {
    auto first = must(db.query(sql));
    first.bind(1, 7);
    REQUIRE(must(first.step()));
    CHECK(first.only_integer() == 0);
  }
  auto second = must(db.query(sql));
  REQUIRE(must(second.step()));
  CHECK(second.only_integer() == 1);
}

TEST_CASE("query: text that is no SQL, is a failure with SQLite's words") {
  auto db = must(database::open_temporary());
  const auto use = db.query("SELEC 1");
  REQUIRE_FALSE(use);
  CHECK(use.error().code == errc::ledger);
  CHECK(use.error().message.find("SELEC") != std::string::npos);
  CHECK_FALSE(db.execute("SELEC 1"));
  CHECK_FALSE(db.run("SELEC 1"));
}

TEST_CASE("transaction: left without commit, changes nothing; with commit, lasts") {
  auto db = must(database::open_temporary());
  must(db.execute("CREATE TABLE t (a)"));
  {
    auto change = must(transaction::begin(db));
    must(db.run("INSERT INTO t VALUES (1)"));
    CHECK(db.in_transaction());
  }
  CHECK_FALSE(db.in_transaction());
  CHECK(must(db.number("SELECT count(*) FROM t")) == 0);
  {
    auto change = must(transaction::begin(db));
    must(db.run("INSERT INTO t VALUES (1)"));
    must(change.commit());
  }
  CHECK(must(db.number("SELECT count(*) FROM t")) == 1);
}

TEST_CASE("database: moved, old statements go on working") {
  auto first = must(database::open_temporary());
  must(first.execute("CREATE TABLE t (a)"));
  must(first.run("INSERT INTO t VALUES (?)", 1));
  database second = std::move(first);
  must(second.run("INSERT INTO t VALUES (?)", 2));
  CHECK(must(second.number("SELECT sum(a) FROM t")) == 3);
}
