#pragma once

#include "http/client.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_limits.hpp"
#include "http/trust_store.hpp"
#include "support/origin.hpp"
#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pofetch::testing {

/// Keeps what the transport pushes into it.
class collecting_sink final : public body_sink {
 public:
  result<void> begin(const http_response& head) override {
    ++begun;
    decoded = head.decoded;
    status = head.status;
    if (refuse_status != 0 && head.status == refuse_status) return make_failure(errc::http_status, "refused");
    return {};
  }
  result<void> write(std::span<const std::byte> bytes) override {
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (body.size() > refuse_after) return make_failure(errc::disk_full, "the sink is full");
    return {};
  }

  std::string body;
  int begun = 0;
  int status = 0;
  bool decoded = false;
  int refuse_status = 0;
  std::size_t refuse_after = std::numeric_limits<std::size_t>::max();
};

/// One exchange under way.
struct running_exchange {
  http_request request;
  collecting_sink sink;
  std::optional<result<http_response>> outcome;
  std::exception_ptr thrown;
  bool done = false;
  boost::asio::cancellation_signal stop;

  /// `ok`, or the word of the failure.
  [[nodiscard]] std::string word() const {
    if (thrown) return "exception";
    if (!outcome) return "nothing";
    return *outcome ? "ok" : code_word(outcome->error());
  }
  [[nodiscard]] std::string message() const { return outcome && !*outcome ? outcome->error().message : ""; }
  [[nodiscard]] bool cancelled() const {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& error) {
      return error.code() == boost::asio::error::operation_aborted;
    } catch (...) {
    }
    return false;
  }
};

/// A client on an io_context of its own, with short limits.
class lane_fixture {
 public:
  explicit lane_fixture(const origin& server, const std::function<void(http::client_config&)>& change = {},
                        http::ceilings most = {.max_connections = 4096})
      : limits(most) {
    http::client_config config;
    config.base_url = server.base_url();
    config.ca_file = server.ca_file().string();
    config.connect_timeout = std::chrono::seconds(5);
    config.idle_timeout = std::chrono::seconds(5);
    if (change) change(config);
    auto made = http::client::make(io.get_executor(), std::move(config), all);
    if (!made) FAIL(made.error().message);
    transport = std::move(*made);
  }

  running_exchange& start(http_request request) {
    auto& entry = *exchanges_.emplace_back(std::make_unique<running_exchange>());
    entry.request = std::move(request);
    auto ended = [&entry](std::exception_ptr thrown, result<http_response> outcome) {
      entry.thrown = std::move(thrown);
      if (!entry.thrown) entry.outcome = std::move(outcome);
      entry.done = true;
    };
    boost::asio::co_spawn(io, transport->exchange(entry.request, entry.sink),
                          boost::asio::bind_cancellation_slot(entry.stop.slot(), std::move(ended)));
    return entry;
  }

  void finish() {
    for (auto& each : exchanges_)
      while (!each->done) {
        if (io.stopped()) io.restart();
        if (io.run_one_for(std::chrono::seconds(30)) == 0) FAIL("an exchange does not end");
      }
  }

  void run_for(std::chrono::milliseconds span) {
    if (io.stopped()) io.restart();
    const auto end = std::chrono::steady_clock::now() + span;
    io.run_for(span);
    io.restart();
    std::this_thread::sleep_until(end);  // it may have had nothing to do
  }

  running_exchange& get(const std::string& url, const std::function<void(http_request&)>& change = {}) {
    http_request request;
    request.url = url;
    if (change) change(request);
    auto& entry = start(std::move(request));
    finish();
    return entry;
  }

  /// A CA file with the authorities of several origins.
  static std::string trust(const test::temp_dir& folder, const std::vector<const origin*>& origins) {
    std::string pem;
    for (const origin* each : origins) pem += each->ca_pem();
    test::write_file(folder / "trust.pem", pem);
    return (folder / "trust.pem").string();
  }

  boost::asio::io_context io{1};
  http::host_limits limits;
  http::cookie_jar cookies;
  http::trust_store trusted;
  http::common all{limits, cookies, trusted};
  std::unique_ptr<http::client> transport;

 private:
  std::vector<std::unique_ptr<running_exchange>> exchanges_;
};

}  // namespace pofetch::testing
