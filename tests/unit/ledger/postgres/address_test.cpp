#include "ledger/postgres/address.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace pofetch;
using namespace pofetch::test;

namespace {

std::map<std::string, std::string> parameters_of(const std::string& text) {
  const auto where = must(postgres::address::read(text));
  return {where.parameters().begin(), where.parameters().end()};
}

}  // namespace

TEST_CASE("ledger address: to another machine it is verify-full unless it says something as good") {
  struct row {
    const char* text;
    const char* mode;  ///< empty: libpq's own; "refused"
  };
  const row rows[] = {
      {"postgresql://db.example/batches", "verify-full"},
      {"postgresql://db.example/batches?sslmode=verify-ca", "verify-ca"},
      {"postgresql://db.example/batches?sslmode=disable", "refused"},
      {"postgresql://db.example/batches?sslmode=allow", "refused"},
      {"postgresql://db.example/batches?sslmode=prefer", "refused"},
      {"host=db.example dbname=b sslmode=prefer", "refused"},
      {"postgresql://localhost/batches", ""},
      {"postgresql://127.0.0.1:5433/batches?sslmode=disable", "disable"},
      {"postgresql://[::1]/batches", ""},
      {"postgresql:///batches?host=/run/postgresql", ""},
      {"postgresql://localhost,db.example/batches", "verify-full"},
      // What is connected to counts, not what it is called.
      {"postgresql://localhost/batches?hostaddr=192.0.2.1", "verify-full"},
      {"postgresql://db.example/batches?hostaddr=127.0.0.1", ""},
      {"postgresql://localhost/batches?hostaddr=192.0.2.1&sslmode=disable", "refused"},
      {"service=batches", "verify-full"},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto where = postgres::address::read(each.text);
    if (each.mode == std::string("refused")) {
      REQUIRE_FALSE(where);
      CHECK(where.error().code == errc::config);
      continue;
    }
    CHECK(parameters_of(each.text)["sslmode"] == each.mode);
  }
}

TEST_CASE("ledger address: a password is found in every form, and never told") {
  struct row {
    const char* text;
    bool has;
  };
  const row rows[] = {
      {"postgresql://u:s3cret@db.example/b", true},
      {"postgresql://u@db.example/b?password=s3cret", true},
      {"postgresql://u@db.example/b?%70assword=s3cret", true},
      {"host=db.example password=s3cret", true},
      {"host=db.example PASSWORD = s3cret", true},
      {"postgresql://u:s3cret@[bad/b", true},
      {"postgresql://u:s3cret%zz@db.example/b", true},
      {"postgresql://u@db.example:5432/b", false},
      {"postgresql://db.example:5432/b", false},
      {"postgresql:///b?host=/run/postgresql", false},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    CHECK(postgres::has_password(each.text) == each.has);
    const auto where = postgres::address::read(each.text);
    const std::string shown = where ? where->shown() : where.error().message;
    CHECK(shown.find("s3cret") == std::string::npos);
  }
}
