#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

namespace pofetch {
namespace {

batch_options listing(const std::function<void(batch_options&)>& change = {}) {
  batch_options made;
  made.source = source_kind::api;
  made.base_url = "https://t.example";
  made.all = true;
  if (change) change(made);
  return made;
}

}  // namespace

TEST_CASE("validate: options that are good by themselves") {
  const std::vector<std::function<void(batch_options&)>> changes = {
      [](auto&) {},
      [](auto& o) { o.base_url = "https://t.example/", o.source = source_kind::web; },
      [](auto& o) { o.base_url = "http://127.0.0.1:8080", o.pool.allow_http = true; },
      [](auto& o) { o.headers = {"X-Thing: a:b"}; },
      [](auto& o) { o.network.proxy = "http://u@proxy:1", o.network.no_proxy = {"*"}; },
      [](auto& o) { o.on_expiry = expiry_action::login; },
      [](auto& o) { o.on_expiry = expiry_action::wait, o.cookie_file = "c"; },
      [](auto& o) { o.base_url = "https://t.example", o.network.client_cert = "/no/such/file"; },
  };
  for (const auto& change : changes) {
    batch_options options;
    change(options);
    const auto good = validate(options);
    CHECK_MESSAGE(good.has_value(), (good ? std::string() : good.error().message));
  }
}

TEST_CASE("validate: what cannot work is refused, and names the setting") {
  const struct {
    std::function<void(batch_options&)> change;
    const char* part;
  } rows[] = {
      {[](auto& o) { o.source = source_kind::api; }, "source api needs base_url, the instance."},
      {[](auto& o) { o.source = source_kind::web; }, "source web needs base_url"},
      {[](auto& o) { o.base_url = "tenant.example"; }, "base_url: expected an address"},
      {[](auto& o) { o.base_url = "ftp://tenant.example"; }, "base_url: expected an address"},
      {[](auto& o) { o.base_url = "http://127.0.0.1"; }, "is plain HTTP"},
      {[](auto& o) { o.base_url = "https://u:pw@t.example"; }, "user name or password"},
      {[](auto& o) {
         o.network.no_proxy = {"a.com", "b/c"};
       },
       "no_proxy: 'b/c' is no host"},
      {[](auto& o) { o.network.client_key = "k"; }, "client_key needs client_cert"},
      {[](auto& o) { o.network.client_cert = "c"; }, "client_cert needs base_url"},
      {[](auto& o) { o.headers = {"no colon"}; }, "header: expected"},
      {[](auto& o) {
         o.headers = {"A: b", "bad name: x"};
       },
       "header: expected"},
      {[](auto& o) { o.headers = {"A: x\x01y"}; }, "control characters"},
      {[](auto& o) { o.pool.workers = 5000; }, "workers must be between"},
      {[](auto& o) { o.on_expiry = expiry_action::wait; }, "on_expiry wait needs cookies"},
      {[](auto& o) { o = listing(), o.on_expiry = expiry_action::wait; },
       "on_expiry wait is for the session"},
      {[](auto& o) { o = listing(), o.on_expiry = expiry_action::login; }, "on_expiry login is for"},
  };
  for (const auto& row : rows) {
    batch_options options;
    row.change(options);
    const auto checked = validate(options);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == errc::config);
    CHECK_MESSAGE(checked.error().message.find(row.part) != std::string::npos, checked.error().message);
    CHECK(checked.error().message.find("pw@") == std::string::npos);
  }
}

TEST_CASE("validate: a list or `all`, with its conditions, only where they mean something") {
  CHECK(validate(batch_options{}).has_value());
  CHECK(validate(listing()).has_value());
  const struct {
    std::function<void(batch_options&)> change;
    const char* part;
  } rows[] = {
      {[](auto& o) { o.input = "x.csv"; }, "not both"},
      {[](auto& o) { o.source = source_kind::web; }, "source api"},
      {[](auto& o) { o.source = source_kind::automatic; }, "source api"},
      {[](auto& o) { o.all = false, o.since = "2026-01-31"; }, "add all"},
      {[](auto& o) { o.all = false, o.query = {"status=issued"}; }, "add all"},
  };
  for (const auto& row : rows) {
    const auto checked = validate(listing(row.change));
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == errc::config);
    CHECK_MESSAGE(checked.error().message.find(row.part) != std::string::npos, checked.error().message);
  }
}

TEST_CASE("validate: dates and conditions") {
  for (const char* good : {"2026-01-31", "2026-01-31T00:00:00", "2026-01-31T00:00:00Z",
                           "2026-12-01T23:59:59-03:00", "2024-02-29"})
    CHECK_MESSAGE(validate(listing([&](auto& o) { o.since = good; })).has_value(), good);
  for (const char* bad : {"yesterday", "2026-1-31", "2026-13-01", "2026-01-32", "31.01.2026", "2026-01-31T",
                          "2026-01-31T00:00:00+2", "2026-01-31&x=1", "2026-01-31T00:00:00X01:00",
                          "2026-02-29", "2026-00-01", "2026-01-31T24:00:00", "2026-01-31T00:60:00"})
    CHECK_MESSAGE(validate(listing([&](auto& o) { o.since = bad; })).has_error(), bad);
  for (const char* good :
       {"status=issued", "supplier[name]=A & B", "exported=false", "created-at[gt]=2026-01-01", "x="})
    CHECK_MESSAGE(validate(listing([&](auto& o) { o.query = {good}; })).has_value(), good);
  for (const char* bad : {"status", "=x", "limit=5", "offset=5", "fields=[]", "a&b=c", "a b=c", ""})
    CHECK_MESSAGE(validate(listing([&](auto& o) { o.query = {bad}; })).has_error(), bad);
}

}  // namespace pofetch
