#include "core/consequence.hpp"

#include "core/retry_policy.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace pofetch;
using namespace pofetch::core;

namespace {

struct expected {
  errc code;
  tried_again again;
  extent ends;
  exit_state exit;
};

// MANUAL.md: error codes, what is tried again, exit states. Network and servers are no trouble of this
// machine.
constexpr expected rows[] = {
    {errc::timeout, tried_again::always, extent::request, exit_state::usage},
    {errc::connection, tried_again::by_status, extent::request, exit_state::usage},
    {errc::tls, tried_again::never, extent::request, exit_state::usage},
    {errc::http_status, tried_again::by_status, extent::request, exit_state::usage},
    {errc::rate_limited, tried_again::always, extent::request, exit_state::usage},
    {errc::truncated, tried_again::always, extent::request, exit_state::usage},
    {errc::digest_mismatch, tried_again::always, extent::request, exit_state::usage},
    {errc::unexpected_content, tried_again::never, extent::request, exit_state::usage},
    {errc::too_large, tried_again::never, extent::request, exit_state::usage},
    {errc::too_many_redirects, tried_again::never, extent::request, exit_state::usage},
    {errc::blocked_redirect, tried_again::never, extent::request, exit_state::usage},
    {errc::protocol, tried_again::never, extent::request, exit_state::usage},
    {errc::session_expired, tried_again::never, extent::run, exit_state::sign_in},
    {errc::not_found, tried_again::never, extent::request, exit_state::usage},
    {errc::not_a_file, tried_again::never, extent::request, exit_state::usage},
    {errc::disk, tried_again::never, extent::body, exit_state::machine},
    {errc::disk_full, tried_again::never, extent::run, exit_state::machine},
    {errc::permission, tried_again::never, extent::run, exit_state::machine},
    {errc::exists, tried_again::never, extent::request, exit_state::usage},
    {errc::locked, tried_again::never, extent::run, exit_state::machine},
    {errc::ledger, tried_again::never, extent::run, exit_state::machine},
    {errc::input, tried_again::never, extent::request, exit_state::usage},
    {errc::config, tried_again::never, extent::run, exit_state::usage},
    {errc::unsupported, tried_again::never, extent::request, exit_state::usage},
    {errc::cancelled, tried_again::never, extent::run, exit_state::interrupted},
    {errc::internal, tried_again::never, extent::request, exit_state::machine},
};

}  // namespace

TEST_CASE("consequence: every code, what it ends, how the program ends, and whether it is tried again") {
  REQUIRE(std::size(rows) == consequences().size());
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const expected& row = rows[i];
    REQUIRE(row.code == static_cast<errc>(i));
    const consequence& told = consequence_of(row.code);
    CAPTURE(told.word);
    CHECK(told.code == row.code);
    CHECK(told.again == row.again);
    CHECK(told.ends == row.ends);
    CHECK(told.exit == row.exit);
    if (row.again != tried_again::by_status)
      CHECK(is_transient(make_failure(row.code, "")) == (row.again == tried_again::always));
  }
}

TEST_CASE("consequence: the exit state goes with the kind") {
  for (const consequence& told : consequences()) {
    CAPTURE(told.word);
    const bool machine = told.kind == error_kind::machine || told.kind == error_kind::internal;
    CHECK((told.exit == exit_state::machine) == machine);
    CHECK((told.exit == exit_state::sign_in) == (told.kind == error_kind::session));
    CHECK((told.exit == exit_state::interrupted) == (told.kind == error_kind::cancelled));
    // What is tried again is never a reason to give up all others.
    if (told.again != tried_again::never) CHECK(told.ends == extent::request);
  }
}

TEST_CASE("consequence: words are lower case and differ; what a person can do is a sentence") {
  std::set<std::string_view> words;
  for (const consequence& told : consequences()) {
    CAPTURE(told.word);
    CHECK(words.insert(told.word).second);
    CHECK(told.word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
    CHECK(told.next_step.ends_with('.'));
    if (!told.to_go_on.empty()) CHECK(told.to_go_on.ends_with('.'));
    if (!told.to_go_on.empty()) CHECK(told.kind == error_kind::machine);
  }
}

TEST_CASE("consequence: a number that is no code counts as a bug") {
  CHECK(consequence_of(static_cast<errc>(-1)).code == errc::internal);
  CHECK(consequence_of(static_cast<errc>(1000)).code == errc::internal);
}
