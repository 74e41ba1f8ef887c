#pragma once

#include <pofetch/error.hpp>

#include <cstdio>
#include <type_traits>

// PostgreSQL's own library, opened with the first ledger there and not before: it brings twenty others along,
// which every start of a program that links it would load. So nothing of it is needed to build, either: what
// is used stands here, under its own names. Its interface (libpq.so.5) has kept what it has since 2003;
// tests/unit/ledger/postgres compares this with its header.

struct pg_conn;
struct pg_result;

namespace pofetch::postgres {

struct PQconninfoOption {
  char* keyword;
  char* envvar;
  char* compiled;
  char* val;
  char* label;
  char* dispchar;
  int dispsize;
};

// NOLINTBEGIN(readability-identifier-naming)
enum ConnStatusType : int { CONNECTION_OK = 0, CONNECTION_BAD = 1 };
enum PostgresPollingStatusType : int {
  PGRES_POLLING_FAILED = 0,
  PGRES_POLLING_READING = 1,
  PGRES_POLLING_WRITING = 2,
  PGRES_POLLING_OK = 3
};
enum ExecStatusType : int {
  PGRES_EMPTY_QUERY = 0,
  PGRES_COMMAND_OK = 1,
  PGRES_TUPLES_OK = 2,
  PGRES_PIPELINE_SYNC = 10,
  PGRES_PIPELINE_ABORTED = 11
};
enum PGVerbosity : int { PQERRORS_VERBOSE = 2 };
inline constexpr int diag_sqlstate = 'C';
inline constexpr int diag_message_primary = 'M';
using PGconn = pg_conn;
using PGresult = pg_result;
using PQnoticeProcessor = void (*)(void*, const char*);

#define POFETCH_LIBPQ(X)                                                                              \
  X(PQconninfoParse, PQconninfoOption*(const char*, char**))                                          \
  X(PQconninfoFree, void(PQconninfoOption*))                                                          \
  X(PQfreemem, void(void*))                                                                           \
  X(PQconnectStartParams, PGconn*(const char* const*, const char* const*, int))                       \
  X(PQconnectPoll, PostgresPollingStatusType(PGconn*))                                                \
  X(PQfinish, void(PGconn*))                                                                          \
  X(PQstatus, ConnStatusType(const PGconn*))                                                          \
  X(PQerrorMessage, char*(const PGconn*))                                                             \
  X(PQconnectionUsedPassword, int(const PGconn*))                                                     \
  X(PQconnectionNeedsPassword, int(const PGconn*))                                                    \
  X(PQparameterStatus, const char*(const PGconn*, const char*))                                       \
  X(PQserverVersion, int(const PGconn*))                                                              \
  X(PQsocket, int(const PGconn*))                                                                     \
  X(PQsetErrorVerbosity, PGVerbosity(PGconn*, PGVerbosity))                                           \
  X(PQsetnonblocking, int(PGconn*, int))                                                              \
  X(PQsetNoticeProcessor, PQnoticeProcessor(PGconn*, PQnoticeProcessor, void*))                       \
  X(PQflush, int(PGconn*))                                                                            \
  X(PQisBusy, int(PGconn*))                                                                           \
  X(PQconsumeInput, int(PGconn*))                                                                     \
  X(PQenterPipelineMode, int(PGconn*))                                                                \
  X(PQexitPipelineMode, int(PGconn*))                                                                 \
  X(PQpipelineSync, int(PGconn*))                                                                     \
  X(PQsendQuery, int(PGconn*, const char*))                                                           \
  X(PQsendQueryParams,                                                                                \
    int(PGconn*, const char*, int, const unsigned*, const char* const*, const int*, const int*, int)) \
  X(PQgetResult, PGresult*(PGconn*))                                                                  \
  X(PQresultStatus, ExecStatusType(const PGresult*))                                                  \
  X(PQresultErrorField, char*(const PGresult*, int))                                                  \
  X(PQclear, void(PGresult*))                                                                         \
  X(PQntuples, int(const PGresult*))                                                                  \
  X(PQfnumber, int(const PGresult*, const char*))                                                     \
  X(PQgetisnull, int(const PGresult*, int, int))                                                      \
  X(PQgetvalue, char*(const PGresult*, int, int))                                                     \
  X(PQgetlength, int(const PGresult*, int, int))                                                      \
  X(PQcmdTuples, char*(PGresult*))

#define POFETCH_DECLARE(name, ...) inline std::add_pointer_t<__VA_ARGS__> name = nullptr;
POFETCH_LIBPQ(POFETCH_DECLARE)
#undef POFETCH_DECLARE
// NOLINTEND(readability-identifier-naming)

/// Before any of these is called; any thread, any number of times. Failure `unsupported`: it is not
/// installed, or older than 14.
[[nodiscard]] result<void> load_libpq();

}  // namespace pofetch::postgres
