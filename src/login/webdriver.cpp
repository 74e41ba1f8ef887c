#include "login/webdriver.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::login {

namespace {

namespace json = boost::json;

/// A larger answer is refused (bytes).
constexpr std::uint64_t largest_answer = 4U << 20;

class text_sink final : public body_sink {
 public:
  result<void> begin(const http_response&) override { return {}; }
  result<void> write(std::span<const std::byte> bytes) override {
    text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

failure no_driver() { return make_failure(errc::protocol, "the answer is not that of a WebDriver"); }

/// The member `value` of an answer (W3C WebDriver 6.3).
result<json::value> value_of(const std::string& text) {
  boost::system::error_code problem;
  json::value whole = json::parse(text, problem);
  if (problem || !whole.is_object()) return no_driver();
  json::value* const value = whole.as_object().if_contains("value");
  if (value == nullptr) return no_driver();
  return std::move(*value);
}

std::string text_of(const json::value& object, std::string_view name) {
  const json::object* const members = object.if_object();
  const json::value* const found = members != nullptr ? members->if_contains(name) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

result<std::string> read_answer(int status, const std::string& text) {
  auto value = value_of(text);
  if (!value) return value.error();
  if (status == 200) return json::serialize(*value);
  return make_failure(errc::protocol,
                      fmt::format("{}: {}", text_of(*value, "error"), text_of(*value, "message")));
}

json::value parsed(const std::string& text) {
  boost::system::error_code ignored;
  return json::parse(text, ignored);
}

}  // namespace

webdriver::webdriver(transport& http, std::string address) : http_(http), address_(std::move(address)) {}

awaitable<result<std::string>> webdriver::command(std::string method, std::string path, std::string body) {
  http_request request;
  request.method = std::move(method);
  request.url = address_ + path;
  request.max_body = largest_answer;
  if (!body.empty()) request.fields.push_back(http_field{"Content-Type", "application/json; charset=utf-8"});
  request.body = std::move(body);
  text_sink sink;
  auto answer = co_await http_.exchange(request, sink);
  if (!answer) co_return answer.error();
  co_return read_answer(answer->status, sink.text());
}

std::string webdriver::session_path(std::string_view what) const {
  return fmt::format("/session/{}{}", session_, what);
}

awaitable<result<bool>> webdriver::is_ready() {
  auto answer = co_await command("GET", "/status", "");
  if (!answer) co_return answer.error();
  const json::value state = parsed(*answer);
  const json::value* const ready = state.is_object() ? state.as_object().if_contains("ready") : nullptr;
  if (ready == nullptr || !ready->is_bool()) co_return no_driver();
  co_return ready->as_bool();
}

awaitable<result<void>> webdriver::begin(std::string body) {
  auto answer = co_await command("POST", "/session", std::move(body));
  if (!answer) co_return answer.error();
  session_ = text_of(parsed(*answer), "sessionId");
  const bool plain = std::all_of(session_.begin(), session_.end(), [](char c) {
    return c > ' ' && c != '/' && c != '?' && c != '#' && c < 127;
  });
  if (session_.empty() || !plain) co_return no_driver();
  co_return result<void>();
}

awaitable<result<void>> webdriver::open(std::string url) {
  std::string body = json::serialize(json::object{{"url", url}});
  auto answer = co_await command("POST", session_path("/url"), std::move(body));
  if (!answer) co_return answer.error();
  co_return result<void>();
}

awaitable<result<std::string>> webdriver::where() {
  auto answer = co_await command("GET", session_path("/url"), "");
  if (!answer) co_return answer;
  const json::value url = parsed(*answer);
  if (!url.is_string()) co_return no_driver();
  co_return std::string(url.as_string());
}

awaitable<result<void>> webdriver::turn_to_open_window() {
  auto answer = co_await command("GET", session_path("/window/handles"), "");
  if (!answer) co_return answer.error();
  const json::value handles = parsed(*answer);
  if (!handles.is_array() || handles.as_array().empty())
    co_return make_failure(errc::protocol, "there is no window any more");
  std::string body = json::serialize(json::object{{"handle", handles.as_array().back()}});
  auto turned = co_await command("POST", session_path("/window"), std::move(body));
  if (!turned) co_return turned.error();
  co_return result<void>();
}

awaitable<result<std::string>> webdriver::cookies() {
  auto answer = co_await command("GET", session_path("/cookie"), "");
  co_return answer;
}

awaitable<result<void>> webdriver::end() {
  auto answer = co_await command("DELETE", session_path(""), "");
  if (!answer) co_return answer.error();
  co_return result<void>();
}

}  // namespace pofetch::login
