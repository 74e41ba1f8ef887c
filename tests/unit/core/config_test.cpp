#include <pofetch/pool_config.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>

using pofetch::pool_config;
using std::chrono::milliseconds;

TEST_CASE("config: defaults are valid") { CHECK(pofetch::validate(pool_config{}).has_value()); }

TEST_CASE("config: out of bounds, the message names the option, or the member where there is none") {
  struct row {
    std::string option;
    std::function<void(pool_config&)> spoil;
  };
  const row rows[] = {
      {"workers", [](pool_config& c) { c.workers = 0; }},
      {"workers", [](pool_config& c) { c.workers = 1025; }},
      {"max_concurrent", [](pool_config& c) { c.max_concurrent = 0; }},
      {"max_concurrent", [](pool_config& c) { c.max_concurrent = 257; }},
      {"max_connections", [](pool_config& c) { c.max_connections = 0; }},
      {"max_connections", [](pool_config& c) { c.max_connections = 4097; }},
      {"io_threads", [](pool_config& c) { c.io_threads = 65; }},
      {"requests_per_second", [](pool_config& c) { c.requests_per_second = -1; }},
      {"requests_per_second",
       [](pool_config& c) { c.requests_per_second = std::numeric_limits<double>::quiet_NaN(); }},
      {"requests_per_second",
       [](pool_config& c) { c.requests_per_second = std::numeric_limits<double>::infinity(); }},
      {"limit_rate", [](pool_config& c) { c.limit_rate = 1023; }},
      {"max_file_size", [](pool_config& c) { c.max_file_size = 0; }},
      {"max_page_size", [](pool_config& c) { c.max_page_size = 0; }},
      {"max_header_size", [](pool_config& c) { c.max_header_size = 10; }},
      {"connect_timeout", [](pool_config& c) { c.connect_timeout = milliseconds(0); }},
      {"idle_timeout", [](pool_config& c) { c.idle_timeout = milliseconds(-1); }},
      {"idle_timeout", [](pool_config& c) { c.idle_timeout = milliseconds(86'400'001); }},
      {"request_timeout", [](pool_config& c) { c.request_timeout = milliseconds(-1); }},
      {"stop_grace", [](pool_config& c) { c.stop_grace = milliseconds(-1); }},
      {"retries", [](pool_config& c) { c.retries = 101; }},
      {"backoff_base", [](pool_config& c) { c.backoff_base = milliseconds(-1); }},
      {"backoff_cap", [](pool_config& c) { c.backoff_cap = milliseconds(499); }},
      {"retry_after_cap", [](pool_config& c) { c.retry_after_cap = milliseconds(-1); }},
      {"include",
       [](pool_config& c) {
         c.include = {"*.pdf", ""};
       }},
      {"exclude", [](pool_config& c) { c.exclude = {" "}; }},
      {"allow_host", [](pool_config& c) { c.allow_hosts = {"https://x"}; }},
      {"allow_host", [](pool_config& c) { c.allow_hosts = {""}; }},
  };
  for (const auto& r : rows) {
    CAPTURE(r.option);
    pool_config config;
    r.spoil(config);
    const auto checked = pofetch::validate(config);
    REQUIRE(checked.has_error());
    CHECK(checked.error().code == pofetch::errc::config);
    CHECK(checked.error().message.find(r.option + " ") == 0);
  }
}

TEST_CASE("config: the bounds themselves, valid") {
  pool_config config;
  config.workers = 1024;
  config.max_concurrent = 256;
  config.max_connections = 4096;
  config.io_threads = 64;
  config.limit_rate = 1024;
  config.requests_per_second = 0.1;
  config.retries = 0;
  config.backoff_base = milliseconds(0);
  config.backoff_cap = milliseconds(0);
  config.allow_hosts = {"files.example.com", "10.0.0.7", "::1"};
  CHECK(pofetch::validate(config).has_value());
}

TEST_CASE("config: io threads, as said or one or two") {
  pool_config config;
  config.io_threads = 7;
  CHECK(pofetch::effective_io_threads(config) == 7);
  config.io_threads = 0;
  CHECK(pofetch::effective_io_threads(config) >= 1);
  CHECK(pofetch::effective_io_threads(config) <= 2);
}
