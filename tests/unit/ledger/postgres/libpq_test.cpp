#include "ledger/postgres/libpq.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <libpq-fe.h>

// What stands in ledger/postgres/libpq.hpp is what the header of the library says.

namespace ours = pofetch::postgres;

#define SAME_NUMBER(name) static_assert(static_cast<int>(ours::name) == static_cast<int>(::name))
SAME_NUMBER(CONNECTION_OK);
SAME_NUMBER(CONNECTION_BAD);
SAME_NUMBER(PGRES_POLLING_FAILED);
SAME_NUMBER(PGRES_POLLING_READING);
SAME_NUMBER(PGRES_POLLING_WRITING);
SAME_NUMBER(PGRES_POLLING_OK);
SAME_NUMBER(PGRES_EMPTY_QUERY);
SAME_NUMBER(PGRES_COMMAND_OK);
SAME_NUMBER(PGRES_TUPLES_OK);
SAME_NUMBER(PGRES_PIPELINE_SYNC);
SAME_NUMBER(PGRES_PIPELINE_ABORTED);
SAME_NUMBER(PQERRORS_VERBOSE);
#undef SAME_NUMBER

static_assert(sizeof(ours::PQconninfoOption) == sizeof(::PQconninfoOption));
static_assert(offsetof(ours::PQconninfoOption, keyword) == offsetof(::PQconninfoOption, keyword));
static_assert(offsetof(ours::PQconninfoOption, val) == offsetof(::PQconninfoOption, val));

namespace {

/// A type of the header as ours, where both are the same but for the name.
template <class T>
struct ours_for {
  using type = T;
};
template <>
struct ours_for<::ConnStatusType> {
  using type = ours::ConnStatusType;
};
template <>
struct ours_for<::PostgresPollingStatusType> {
  using type = ours::PostgresPollingStatusType;
};
template <>
struct ours_for<::ExecStatusType> {
  using type = ours::ExecStatusType;
};
template <>
struct ours_for<::PGVerbosity> {
  using type = ours::PGVerbosity;
};
template <>
struct ours_for<::PQconninfoOption*> {
  using type = ours::PQconninfoOption*;
};
template <class Result, class... Arguments>
struct ours_for<Result (*)(Arguments...)> {
  using type = typename ours_for<Result>::type (*)(typename ours_for<Arguments>::type...);
};

}  // namespace

#define SAME_FUNCTION(name, ...) \
  static_assert(std::is_same_v<decltype(ours::name), ours_for<decltype(&::name)>::type>);
POFETCH_LIBPQ(SAME_FUNCTION)
#undef SAME_FUNCTION

TEST_CASE("libpq: the library is opened when it is asked for, and has all that is used") {
  REQUIRE(ours::load_libpq());
  const bool found = ours::PQsendQueryParams != nullptr;
  CHECK(found);
  CHECK(ours::load_libpq());
}
