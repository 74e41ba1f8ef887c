#include "engine/api_options.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace pofetch::engine {
namespace {

batch_options listing(const std::function<void(batch_options&)>& change = {}) {
  batch_options made;
  made.source = source_kind::api;
  made.all = true;
  if (change) change(made);
  return made;
}

}  // namespace

TEST_CASE("api options: a list or --all, with its conditions, only where they mean something") {
  CHECK(check_listing(batch_options{}).has_value());
  CHECK(check_listing(listing()).has_value());
  const struct {
    std::function<void(batch_options&)> change;
    const char* part;
  } rows[] = {
      {[](auto& o) { o.input = "x.csv"; }, "not both"},
      {[](auto& o) { o.source = source_kind::web; }, "--source api"},
      {[](auto& o) { o.source = source_kind::automatic; }, "--source api"},
      {[](auto& o) { o.all = false, o.since = "2026-01-31"; }, "add --all"},
      {[](auto& o) { o.all = false, o.query = {"status=issued"}; }, "add --all"},
  };
  for (const auto& row : rows) {
    const auto checked = check_listing(listing(row.change));
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == errc::config);
    CHECK_MESSAGE(checked.error().message.find(row.part) != std::string::npos, checked.error().message);
  }
}

TEST_CASE("api options: dates and conditions") {
  for (const char* good : {"2026-01-31", "2026-01-31T00:00:00", "2026-01-31T00:00:00Z",
                           "2026-12-01T23:59:59-03:00", "2024-02-29"})
    CHECK_MESSAGE(check_listing(listing([&](auto& o) { o.since = good; })).has_value(), good);
  for (const char* bad : {"yesterday", "2026-1-31", "2026-13-01", "2026-01-32", "31.01.2026", "2026-01-31T",
                          "2026-01-31T00:00:00+2", "2026-01-31&x=1", "2026-01-31T00:00:00X01:00",
                          "2026-02-29", "2026-00-01", "2026-01-31T24:00:00", "2026-01-31T00:60:00"})
    CHECK_MESSAGE(check_listing(listing([&](auto& o) { o.since = bad; })).has_error(), bad);
  for (const char* good :
       {"status=issued", "supplier[name]=A & B", "exported=false", "created-at[gt]=2026-01-01", "x="})
    CHECK_MESSAGE(check_listing(listing([&](auto& o) { o.query = {good}; })).has_value(), good);
  for (const char* bad : {"status", "=x", "limit=5", "offset=5", "fields=[]", "a&b=c", "a b=c", ""})
    CHECK_MESSAGE(check_listing(listing([&](auto& o) { o.query = {bad}; })).has_error(), bad);
}

TEST_CASE("api options: credentials that are missing or do not go together, in one sentence") {
  const struct {
    std::function<void(batch_options&)> change;
    const char* part;  ///< null: good
  } rows[] = {
      {[](auto&) {}, "POFETCH_API_KEY"},
      {[](auto& o) { o.client_id = "me"; }, "needs its secret"},
      {[](auto& o) { o.client_secret = "s"; }, "--client-id is missing"},
      {[](auto& o) { o.client_id = "me", o.client_secret_file = "f", o.secret_command = "c"; }, "not both"},
      {[](auto& o) { o.client_id = "me", o.client_secret = "s", o.scope = " "; }, "--scope"},
      {[](auto& o) { o.client_id = "me", o.client_secret = "s"; }, nullptr},
      {[](auto& o) { o.client_id = "me", o.client_secret_file = "f"; }, nullptr},
      {[](auto& o) { o.client_id = "me", o.secret_command = "c"; }, nullptr},
      {[](auto& o) { o.source = source_kind::api, o.on_expiry = expiry_action::wait; }, "--on-expiry wait"},
      {[](auto& o) { o.source = source_kind::api, o.on_expiry = expiry_action::login; }, "--on-expiry login"},
      {[](auto& o) { o.on_expiry = expiry_action::wait; }, "needs --cookies"},
      {[](auto& o) { o.on_expiry = expiry_action::login; }, "needs a way to sign in"},
      {[](auto& o) { o.api_key = "k"; }, nullptr},
      {[](auto& o) { o.api_key = "k", o.client_secret = "s"; }, nullptr},
  };
  for (const auto& row : rows) {
    batch_options options;
    row.change(options);
    auto checked = check_expiry(options);
    if (checked) checked = check_api_credentials(options);
    CHECK(checked.has_value() == (row.part == nullptr));
    if (!checked)
      CHECK_MESSAGE(checked.error().message.find(row.part) != std::string::npos, checked.error().message);
  }
}

}  // namespace pofetch::engine
