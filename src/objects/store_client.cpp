#include "objects/store_client.hpp"

#include "core/ascii.hpp"
#include "core/http_date.hpp"
#include "core/retry_after.hpp"
#include "core/retry_policy.hpp"
#include "core/url.hpp"
#include "objects/file_body.hpp"
#include "objects/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pofetch::objects {

namespace {

using std::chrono::system_clock;

constexpr std::size_t most_kept = 4U << 20;
/// A body up to this goes out with its head; for a larger one the store is asked first whether it wants it.
constexpr std::uint64_t sent_at_once = 256U << 10;
/// Services on this machine or link answer within this, or are not there.
constexpr std::chrono::milliseconds patience_for_keys{1'000};
/// Corrections of one request: region, clock, keys.
constexpr int most_corrections = 3;

/// What is kept of an answer, or handed on.
class answer_sink final : public body_sink {
 public:
  explicit answer_sink(const body_receiver* receive = nullptr) : receive_(receive) {}

  result<void> begin(const http_response& head) override {
    hands_on_ = receive_ != nullptr && head.status >= 200 && head.status < 300;
    text_.clear();
    return {};
  }
  result<void> write(std::span<const std::byte> bytes) override {
    if (hands_on_) return (*receive_)(bytes);
    const std::size_t room = std::min(bytes.size(), most_kept - text_.size());
    text_.append(reinterpret_cast<const char*>(bytes.data()), room);
    return {};
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  const body_receiver* receive_;
  bool hands_on_ = false;
  std::string text_;
};

constexpr const char* usual_region = "us-east-1";

std::string region_of(const store_setup& setup) {
  if (!setup.options.region.empty()) return setup.options.region;
  if (!setup.options.variable) return usual_region;
  for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (auto given = setup.options.variable(name)) return *given;
  const profile_values profile = load_profile(setup.options.variable);
  const auto found = profile.find("region");
  return found == profile.end() ? usual_region : found->second;
}

std::string endpoint_of(const store_setup& setup) {
  std::string given = setup.options.endpoint;
  for (const std::string_view name : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"})
    if (given.empty() && setup.options.variable) given = setup.options.variable(name).value_or("");
  while (given.ends_with('/')) given.pop_back();
  return given;
}

/// Of the moment: the same request may get another answer.
bool is_passing(int status) {
  return status == 408 || status == 409 || status == 425 || status == 429 || (status >= 500 && status != 501);
}

failure passing_failure(const object_answer& answer, const std::string& where) {
  failure why = make_failure(errc::http_status,
                             fmt::format("{} answers {} {}", where, answer.status, error_word(answer.body)));
  why.http_status = answer.status;
  why.retry_after = core::parse_retry_after(answer.field("Retry-After"), system_clock::now());
  return why;
}

}  // namespace

std::string_view object_answer::field(std::string_view name) const noexcept {
  for (const http_field& each : fields)
    if (core::iequals(each.name, name)) return each.value;
  return {};
}

store_client::store_client(store_setup setup)
    : setup_(std::move(setup)),
      time_(context_.get_executor()),
      limits_({0, 0, static_cast<unsigned>(most_connections), true}),
      key_limits_({0, 0, 1, false}),
      credentials_(setup_.options.variable, region_of(setup_),
                   [this](const http_request& request) { return ask_for_keys(request); }) {}

store_client::~store_client() {
  if (http_) http_->close();
}

result<std::unique_ptr<store_client>> store_client::make(store_setup setup) {
  std::unique_ptr<store_client> made(new store_client(std::move(setup)));
  auto opened = made->open();
  if (!opened) return opened.error();
  return made;
}

result<void> store_client::open() {
  auto place = place_of(setup_.where.bucket, endpoint_of(setup_), region_of(setup_));
  if (!place) return place.error();
  place_ = std::move(*place);
  auto made = client_for(place_.endpoint, false);
  if (!made) return made.error();
  http_ = std::move(*made);
  return {};
}

/// `of_keys`: for a service that lends credentials, asked once and briefly.
result<std::unique_ptr<http::client>> store_client::client_for(const std::string& base_url, bool of_keys) {
  http::client_config config =
      http::make_client_config(setup_.pool, setup_.network, base_url, {}, of_keys ? 1 : most_connections);
  // It is shown to the instance alone.
  config.identity = {};
  if (of_keys) {
    const bool plain = base_url.starts_with("http:");
    config.allow_http = plain;
    config.plain_to_link = plain;
    if (plain) config.connect_timeout = config.request_timeout = patience_for_keys;
  }
  return http::client::make(context_.get_executor(), std::move(config),
                            {of_keys ? key_limits_ : limits_, cookies_, trust_});
}

awaitable<result<std::string>> store_client::ask_for_keys(const http_request& request) {
  const auto where = core::origin_of(request.url);
  if (!where) co_return where.error();
  const std::string base = core::to_string(*where);
  auto client = client_for(base, true);
  if (!client) co_return client.error();
  answer_sink sink;
  auto answer = co_await (*client)->exchange(request, sink);
  (*client)->close();
  if (!answer) co_return answer.error();
  std::string text = sink.take();
  if (answer->status < 200 || answer->status > 299)
    co_return make_failure(errc::config, fmt::format("{} gives no credentials: it answers {} {}", base,
                                                     answer->status, error_word(text)));
  co_return std::move(text);
}

awaitable<result<object_answer>> store_client::send(const object_request& request,
                                                    const body_receiver* receive) {
  core::retry_policy policy(core::retry_options_of(setup_.pool), std::hash<std::string>()(request.key));
  int corrections = 0;
  for (unsigned tries = 1;;) {
    auto answer = co_await attempt(request, receive);
    if (answer && !is_passing(answer->status)) {
      if (answer->good() || corrections == most_corrections || !corrects(*answer)) co_return answer;
      ++corrections;
      continue;
    }
    failure why = answer ? passing_failure(*answer, shown()) : answer.error();
    failure judged = why;
    // "Somebody else is at it" (409), and what else is of the moment.
    if (answer) judged.http_status = 503;
    const auto wait = policy.next(tries, judged);
    if (!wait || (setup_.stopped && setup_.stopped())) co_return why;
    ++tries;
    co_await time_.sleep_for(*wait);
  }
}

awaitable<result<object_answer>> store_client::attempt(const object_request& request,
                                                       const body_receiver* receive) {
  auto who = co_await credentials_.current();
  if (!who) co_return who.error();
  http_request wire = signed_request(request, *who);
  answer_sink sink(receive);
  result<http_response> head = make_failure(errc::internal, "nothing was sent");
  if (request.file_size > sent_at_once) {
    file_body body(request.file, request.file_size);
    head = co_await http_->upload(wire, body, sink);
  } else {
    if (request.file >= 0) {
      auto bytes = file_body(request.file, request.file_size).whole();
      if (!bytes) co_return bytes.error();
      wire.body = std::move(*bytes);
    }
    head = co_await http_->exchange(wire, sink);
  }
  if (!head) co_return head.error();
  object_answer answer{head->status, std::move(head->fields), sink.take(), head->content_length};
  co_return answer;
}

/// Signed when it is sent: a signature is good for 15 minutes.
http_request store_client::signed_request(const object_request& request, const access_keys& who) const {
  http_request made;
  made.method = request.method;
  std::string path = place_.path + encode_path(request.key);
  if (request.key.empty() && path.size() > 1) path.pop_back();
  const std::string query = canonical_query(request.query);
  made.url = place_.endpoint + path + (query.empty() ? "" : "?" + query);
  made.body = request.body;
  made.stop_before = [](std::string_view) { return true; };
  const auto now = system_clock::now() + skew_;
  const std::string digest = request.file >= 0 ? request.file_sha256 : sha256_hex(request.body);
  made.fields = request.fields;
  made.fields.push_back({"x-amz-date", amz_date(now)});
  made.fields.push_back({"x-amz-content-sha256", digest});
  if (!who.token.empty()) made.fields.push_back({"x-amz-security-token", who.token});
  std::vector<http_field> signed_fields = made.fields;
  const auto where = core::origin_of(place_.endpoint);
  signed_fields.push_back({"host", core::host_header(*where)});
  const signed_parts parts{made.method, path, request.query, signed_fields, digest};
  made.fields.push_back({"Authorization", authorization(parts, {place_.region, "s3", now}, who)});
  return made;
}

bool store_client::corrects(const object_answer& answer) {
  const std::string word = error_word(answer.body);
  if (word == "ExpiredToken" || word == "ExpiredTokenException" || word == "TokenRefreshRequired") {
    credentials_.forget();
    return true;
  }
  if (word == "RequestTimeTooSkewed") {
    const auto theirs = core::parse_http_date(answer.field("Date"));
    if (!theirs) return false;
    skew_ = *theirs - system_clock::now();
    return true;
  }
  std::string region(answer.field("x-amz-bucket-region"));
  if (region.empty()) region = element_text(answer.body, "Region");
  const bool elsewhere = answer.status == 301 || answer.status == 307 || answer.status == 400;
  if (!elsewhere || region.empty() || region == place_.region) return false;
  auto place = place_of(setup_.where.bucket, endpoint_of(setup_), region);
  if (!place) return false;
  place_ = std::move(*place);
  return true;
}

std::string store_client::shown() const {
  return fmt::format("the object store s3://{} at {}", setup_.where.bucket, place_.endpoint);
}

}  // namespace pofetch::objects
