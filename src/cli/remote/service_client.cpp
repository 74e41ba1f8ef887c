#include "cli/remote/service_client.hpp"

#include "cli/commands/commands.hpp"
#include "cli/remote/remote_batch.hpp"
#include "core/ascii.hpp"
#include "core/retry_after.hpp"
#include "os/read_write.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <sys/stat.h>
#include <utility>

namespace pofetch::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t most_of_answer = 16U << 20;

/// Keeps a body, or passes it on if the answer is a stream.
class answer_sink final : public body_sink {
 public:
  explicit answer_sink(service_client::byte_taker take = {}) : take_(std::move(take)) {}

  result<void> begin(const http_response& head) override {
    streams_ = take_ && head.status == 200;
    return {};
  }
  result<void> write(std::span<const std::byte> bytes) override {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (streams_) return take_(text);
    if (kept_.size() + text.size() > most_of_answer)
      return make_failure(errc::protocol, "the service answers with more than 16 MiB");
    kept_ += text;
    return {};
  }
  [[nodiscard]] std::string& kept() { return kept_; }

 private:
  service_client::byte_taker take_;
  bool streams_ = false;
  std::string kept_;
};

/// The members that are wrong: `/options/workers: expected a whole number`.
std::string members_of(const json::object& problem, const std::string& detail) {
  std::string text;
  const json::value* const errors = problem.if_contains("errors");
  if (errors == nullptr || !errors->is_array()) return text;
  for (const json::value& each : errors->as_array()) {
    if (!each.is_object()) continue;
    const std::string one =
        fmt::format("{}: {}", text_in(each.as_object(), "pointer"), text_in(each.as_object(), "detail"));
    if (detail.find(one) == std::string::npos) text += fmt::format(" {}.", one);
  }
  return text;
}

errc code_for(int status) {
  if (status == 401 || status == 403) return errc::session_expired;
  if (status == 429) return errc::rate_limited;
  if (status == 507) return errc::disk_full;
  return status >= 500 ? errc::http_status : errc::config;
}

/// What an answer that refuses says (RFC 9457), in plain words.
failure refusal_in(const service_address& where, const http_response& head, const std::string& body) {
  const json::object problem = object_in(body);
  std::string detail = text_in(problem, "detail");
  if (detail.empty()) detail = text_in(problem, "title");
  if (detail.empty()) detail = fmt::format("it answers with status {}", head.status);
  if (!detail.ends_with('.')) detail += '.';
  std::string text = fmt::format("{}: {}{}", where.shown, detail, members_of(problem, detail));
  if (const std::string step = text_in(problem, "next_step"); !step.empty()) text += " " + step;
  if (head.status == 401) text += " Give the token with --token-file or in POFETCH_TOKEN.";
  failure made = make_failure(code_for(head.status), std::move(text));
  made.http_status = head.status;
  made.retry_after = core::parse_retry_after(head.field("Retry-After"), std::chrono::system_clock::now());
  return made;
}

result<std::string> read_token(const remote_options& from) {
  if (!from.token.empty() || from.token_file.empty()) return from.token;
  std::ifstream file(from.token_file);
  std::string line;
  if (!std::getline(file, line))
    return make_failure(errc::config, fmt::format("--token-file: '{}' cannot be read, or is empty.",
                                                  from.token_file.string()));
  struct stat found {};
  constexpr unsigned others = 0077;
  if (::stat(from.token_file.c_str(), &found) == 0 && (found.st_mode & others) != 0)
    warn(
        fmt::format("the file of the token, {}, can be read by others on this machine; chmod 600 keeps it "
                    "private.",
                    from.token_file.string()));
  return std::string(core::trim(line));
}

}  // namespace

result<std::unique_ptr<service_client>> service_client::make(boost::asio::any_io_executor executor,
                                                             service_address where, const options& values) {
  const auto token = read_token(values.remote);
  if (!token) return token.error();
  std::unique_ptr<service_client> made(new service_client(std::move(where)));
  made->has_token_ = !token->empty();
  std::vector<http_field> own;
  if (!token->empty()) own.push_back({"Authorization", "Bearer " + *token});
  http::client_config how =
      http::make_client_config(values.batch.pool, values.batch.network, made->where_.base, std::move(own), 1);
  how.allow_http = true;  // to this machine itself: see read_service_address, and the connector
  how.unix_path = made->where_.unix_path;
  constexpr std::chrono::seconds silence{60};  // a stream of events has a word every 15 s
  how.idle_timeout = silence;
  how.request_timeout = {};
  const http::common all{made->limits_, made->cookies_, made->trust_};
  auto client = http::client::make(std::move(executor), std::move(how), all);
  if (!client) return client.error();
  made->client_ = std::move(*client);
  return made;
}

http_request service_client::request_to(std::string_view route) const {
  http_request asked;
  asked.url = fmt::format("{}/v1{}", where_.base, route);
  asked.stop_before = [](std::string_view) { return true; };
  return asked;
}

awaitable<result<service_answer>> service_client::get(std::string route) {
  const http_request asked = request_to(route);
  answer_sink sink;
  auto head = co_await client_->exchange(asked, sink);
  if (!head) co_return head.error();
  if (head->status >= 300) co_return refusal_in(where_, *head, sink.kept());
  co_return service_answer{std::move(*head), std::move(sink.kept())};
}

awaitable<result<service_answer>> service_client::post(std::string route, std::vector<http_field> fields,
                                                       http::upload_body& body) {
  http_request asked = request_to(route);
  asked.method = "POST";
  asked.fields = std::move(fields);
  answer_sink sink;
  auto head = co_await client_->upload(asked, body, sink);
  if (!head) co_return head.error();
  if (head->status >= 300) co_return refusal_in(where_, *head, sink.kept());
  co_return service_answer{std::move(*head), std::move(sink.kept())};
}

awaitable<result<int>> service_client::listen(std::string route, std::string last_id, byte_taker take) {
  http_request asked = request_to(route);
  asked.fields.push_back({"Accept", "text/event-stream"});
  if (!last_id.empty()) asked.fields.push_back({"Last-Event-ID", std::move(last_id)});
  answer_sink sink(std::move(take));
  auto head = co_await client_->exchange(asked, sink);
  if (!head) co_return head.error();
  if (head->status >= 300) co_return refusal_in(where_, *head, sink.kept());
  co_return head->status;
}

bool is_passing(const failure& why) noexcept {
  if (why.http_status == 409) return why.retry_after.has_value();
  switch (why.code) {
    case errc::timeout:
    case errc::connection:
    case errc::truncated:
    case errc::rate_limited:
    case errc::http_status:
      return why.http_status != 500 && why.http_status != 501;
    default:
      return false;
  }
}

}  // namespace pofetch::cli
