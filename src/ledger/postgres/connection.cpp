#include "ledger/postgres/connection.hpp"

#include "ledger/postgres/libpq.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <utility>

namespace pofetch::postgres {
namespace {

using deadline = connection::deadline;

/// False: the time is over, or the descriptor is of no use.
bool poll_for(int descriptor, short events, deadline until) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd one{descriptor, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// The server's words in one line, and without what stands around them.
std::string first_line(const char* words) {
  std::string line(words == nullptr ? "" : words);
  line.resize(std::min(line.find('\n'), line.size()));
  return line;
}

/// `FATAL:  28P01: password authentication failed`: where words are verbose, the code is among them.
std::string state_in(std::string_view words) {
  for (std::size_t i = 0; i + 6 < words.size(); ++i) {
    if (words[i] != ' ' || words[i + 6] != ':') continue;
    const std::string_view code = words.substr(i + 1, 5);
    const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (std::all_of(code.begin(), code.end(), fits) && code.find_first_of("0123456789") != code.npos)
      return std::string(code);
  }
  return {};
}

refusal refusal_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, diag_sqlstate);
  const char* words = PQresultErrorField(result, diag_message_primary);
  refusal why{make_failure(errc::ledger, fmt::format("The ledger's database refuses: {}.",
                                                     first_line(words == nullptr ? "?" : words)))};
  if (state != nullptr) why.state = state;
  if (why.state == "53100") why.why.code = errc::disk_full;
  return why;
}

refusal cannot_connect(const PGconn* handle, const address& where) {
  const std::string words = first_line(PQerrorMessage(handle));
  refusal why{
      make_failure(errc::ledger, fmt::format("The ledger at {} cannot be reached: {}", where.shown(), words)),
      state_in(words), true};
  if (PQconnectionUsedPassword(handle) != 0 && why.state.empty()) why.state = "28P01";
  if (PQconnectionNeedsPassword(handle) != 0) why.state = "28P01";
  if (!why.is_passing()) why.why.code = errc::config;
  return why;
}

/// Drives the connection to its end; false: the time is over.
bool finish_connecting(PGconn* handle, deadline until) {
  auto wanted = PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
    const auto events = static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT);
    if (!poll_for(PQsocket(handle), events, until)) return false;
    wanted = PQconnectPoll(handle);
  }
  return true;
}

}  // namespace

table::table(pg_result* rows) noexcept : rows_(rows) {}

void table::clear::operator()(pg_result* rows) const noexcept { PQclear(rows); }

std::size_t table::size() const noexcept { return static_cast<std::size_t>(PQntuples(rows_.get())); }

int table::place_of(const char* column) const {
  const int place = PQfnumber(rows_.get(), column);
  if (place < 0) throw std::logic_error(fmt::format("no column '{}'", column));
  return place;
}

bool table::is_null(std::size_t row, const char* column) const {
  return PQgetisnull(rows_.get(), static_cast<int>(row), place_of(column)) != 0;
}

std::string_view table::raw(std::size_t row, const char* column) const {
  const int place = place_of(column);
  const int at = static_cast<int>(row);
  return {PQgetvalue(rows_.get(), at, place), static_cast<std::size_t>(PQgetlength(rows_.get(), at, place))};
}

std::int64_t table::integer(std::size_t row, const char* column) const {
  const std::string_view digits = raw(row, column);
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::uint64_t table::count(std::size_t row, const char* column) const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(integer(row, column), 0));
}

double table::real(std::size_t row, const char* column) const {
  return std::strtod(std::string(raw(row, column)).c_str(), nullptr);
}

std::string table::text(std::size_t row, const char* column) const { return from_wire(raw(row, column)); }

bool table::truth(std::size_t row, const char* column) const { return raw(row, column) == "t"; }

std::uint64_t table::changed() const { return std::strtoull(PQcmdTuples(rows_.get()), nullptr, 10); }

bool refusal::is_passing() const {
  if (state.empty()) return lost;
  const std::string_view kind = std::string_view(state).substr(0, 2);
  // Gone or not there, too many guests, a standby, shut down or starting, chosen as the victim of a lock.
  return kind == "08" || kind == "53" || state == "25006" || kind == "57" || state == "40001" ||
         state == "40P01" || state == "55P03";
}

void connection::close::operator()(pg_conn* handle) const noexcept { PQfinish(handle); }

connection::opened connection::open(const address& where, bool to_write, deadline until) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : where.parameters()) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  if (to_write) {
    keywords.push_back("target_session_attrs");
    values.push_back("read-write");
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  connection link(PQconnectStartParams(keywords.data(), values.data(), 0));
  PGconn* handle = link.handle_.get();
  if (handle == nullptr)
    return {{}, refusal{make_failure(errc::ledger, "There is no memory left."), {}, true}};
  PQsetErrorVerbosity(handle, PQERRORS_VERBOSE);
  if (PQstatus(handle) != CONNECTION_BAD && !finish_connecting(handle, until)) return {{}, link.gone(until)};
  if (PQstatus(handle) != CONNECTION_OK) return {{}, cannot_connect(handle, where)};
  PQsetnonblocking(handle, 1);
  // Notices of the server (a table that is there already) are nothing for a screen.
  PQsetNoticeProcessor(
      handle, [](void*, const char*) {}, nullptr);
  return {std::move(link), {}};
}

refusal connection::gone(deadline until) const {
  const bool late = std::chrono::steady_clock::now() >= until;
  return {make_failure(errc::ledger, late ? std::string("The ledger's database does not answer.")
                                          : fmt::format("The connection to the ledger's database broke: {}",
                                                        first_line(PQerrorMessage(handle_.get())))),
          {},
          true};
}

bool connection::wait(bool to_send, deadline until) {
  const auto events = static_cast<short>(to_send ? POLLIN | POLLOUT : POLLIN);
  return poll_for(PQsocket(handle_.get()), events, until);
}

/// Sends what waits and reads until a result can be had without waiting.
bool connection::pump(deadline until) {
  for (;;) {
    const int unsent = PQflush(handle_.get());
    if (unsent < 0) return false;
    if (PQisBusy(handle_.get()) == 0 && unsent == 0) return true;
    if (!wait(unsent > 0, until)) return false;
    if (PQconsumeInput(handle_.get()) == 0) return false;
  }
}

bool connection::send(std::span<const command> commands) {
  PGconn* handle = handle_.get();
  if (PQenterPipelineMode(handle) != 1) return false;
  std::vector<const char*> values;
  for (const command& each : commands) {
    values.clear();
    for (const auto& value : each.values()) values.push_back(value ? value->c_str() : nullptr);
    if (PQsendQueryParams(handle, each.sql().c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                          nullptr, nullptr, 0) != 1)
      return false;
  }
  return PQpipelineSync(handle) == 1;
}

reply connection::collect(std::size_t count, deadline until) {
  reply all;
  for (;;) {
    if (!pump(until)) return {{}, gone(until)};
    PGresult* one = PQgetResult(handle_.get());
    if (one == nullptr) {  // behind each command
      if (PQstatus(handle_.get()) == CONNECTION_BAD) return {{}, gone(until)};
      continue;
    }
    table rows(one);
    const auto status = PQresultStatus(one);
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
      all.tables.push_back(std::move(rows));
    else if (status != PGRES_PIPELINE_ABORTED && !all.error)
      all.error = refusal_of(one);
    if (PQstatus(handle_.get()) == CONNECTION_BAD) return {{}, gone(until)};
  }
  PQexitPipelineMode(handle_.get());
  if (all.error) all.tables.clear();
  if (!all.error && all.tables.size() != count) return {{}, gone(until)};
  return all;
}

reply connection::run(std::span<const command> commands, deadline until) {
  if (!send(commands)) return {{}, gone(until)};
  return collect(commands.size(), until);
}

reply connection::execute(const std::string& sql, deadline until) {
  if (PQsendQuery(handle_.get(), sql.c_str()) != 1) return {{}, gone(until)};
  reply all;
  for (;;) {
    if (!pump(until)) return {{}, gone(until)};
    PGresult* one = PQgetResult(handle_.get());
    if (one == nullptr) break;
    table rows(one);
    const auto status = PQresultStatus(one);
    const bool done = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
    if (!done && !all.error) all.error = refusal_of(one);
    all.tables.push_back(std::move(rows));
  }
  if (PQstatus(handle_.get()) == CONNECTION_BAD) return {{}, gone(until)};
  return all;
}

std::string connection::parameter(const char* name) const {
  const char* value = PQparameterStatus(handle_.get(), name);
  return value == nullptr ? std::string() : std::string(value);
}

int connection::version() const { return PQserverVersion(handle_.get()); }

}  // namespace pofetch::postgres
