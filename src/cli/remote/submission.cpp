#include "cli/remote/submission.hpp"

#include "cli/commands/commands.hpp"
#include "core/ascii.hpp"
#include "core/encoding.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <utility>

namespace pofetch::cli {

namespace asio = boost::asio;

namespace {

constexpr std::array<std::string_view, 16> batch_options_known{
    "workers",         "max-concurrent", "retries",       "include",
    "exclude",         "max-file-size",  "hash",          "durability",
    "dedupe",          "folder-columns", "folder-status", "po-column",
    "supplier-column", "sheet",          "breaker",       "refresh"};

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (core::is_alnum(c) || std::string_view("-._~").find(c) != std::string_view::npos)
      made += c;
    else
      made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return made;
}

void add(std::string& query, std::string_view name, std::string_view value) {
  query += fmt::format("{}{}={}", query.empty() ? "?" : "&", name, escaped(value));
}

/// The options of a batch that somebody has set.
void add_options(std::string& query, const settings::resolution& decided) {
  for (const std::string_view name : batch_options_known) {
    if (!decided.origins.contains(name)) continue;
    std::string parameter(name);
    std::replace(parameter.begin(), parameter.end(), '-', '_');
    if (name == "max-file-size") {
      add(query, parameter, std::to_string(decided.values.batch.pool.max_file_size));
      continue;
    }
    for (const std::string& value : find_setting(name)->show(decided.values))
      if (!value.empty()) add(query, parameter, value);
  }
}

}  // namespace

std::string query_of(const settings::resolution& decided) {
  const remote_options& remote = decided.values.remote;
  std::string query;
  for (const auto& [name, value] :
       {std::pair<std::string_view, const std::string&>{"profile", remote.profile},
        {"name", remote.name},
        {"priority", remote.priority}})
    if (!value.empty()) add(query, name, value);
  for (const std::string& label : remote.labels) add(query, "label", label);
  add_options(query, decided);
  return query;
}

awaitable<result<service_answer>> hand_over(service_client& to, list_upload& list, std::string query,
                                            std::string key) {
  constexpr std::chrono::minutes long_enough{5};
  constexpr std::chrono::milliseconds longest{15'000};
  const auto until = std::chrono::steady_clock::now() + long_enough;
  std::chrono::milliseconds pause{1'000};
  const std::string route = "/batches" + query;
  const std::vector<http_field> fields{{"Content-Type", list.type()}, {"Idempotency-Key", std::move(key)}};
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  for (;;) {
    list.begin_again();
    auto answer = co_await to.post(route, fields, list);
    if (answer || !is_passing(answer.error())) co_return answer;
    const auto wait = std::max(pause, answer.error().retry_after.value_or(pause));
    if (std::chrono::steady_clock::now() + wait >= until) co_return answer;
    warn(fmt::format("{} Trying again; it will be one batch all the same.", answer.error().message));
    timer.expires_after(wait);
    co_await timer.async_wait(asio::use_awaitable);
    pause = std::min(longest, pause * 2);
  }
}

std::string new_key() {
  std::random_device chance;
  std::string bytes;
  for (int i = 0; i < 16; ++i) bytes.push_back(static_cast<char>(chance()));
  return core::to_hex(bytes);
}

}  // namespace pofetch::cli
