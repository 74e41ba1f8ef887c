#include "http/response_reader.hpp"

#include "core/ascii.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace pofetch::http {

namespace {

namespace beast = boost::beast;
using boost::system::error_code;

constexpr unsigned max_interim_answers = 16;
constexpr std::size_t usual_fields = 24;

/// Stands for "see the stored failure" within Beast's error codes.
error_code stored() { return make_error_code(boost::system::errc::operation_canceled); }

failure not_http(std::string_view what) {
  return make_failure(errc::protocol, fmt::format("what came is not a proper HTTP/1.1 answer ({})", what));
}

}  // namespace

/// Beast's parser, which finds the structure; everything it finds comes in through these hooks.
struct response_reader::parser {
  struct message final : beast::http::basic_parser<false> {
    explicit message(parser& owner) : owner_(owner) {}
    parser& owner_;

    void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int,
                         error_code&) override {}
    void on_response_impl(int code, beast::string_view, int http_version, error_code&) override {
      owner_.status = code;
      owner_.version = http_version;
    }
    void on_field_impl(beast::http::field id, beast::string_view name, beast::string_view value,
                       error_code& error) override {
      owner_.take_field(id, {name.data(), name.size()}, {value.data(), value.size()}, error);
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view bytes, error_code& error) override {
      return owner_.take_body(bytes, error);
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code& error) override {
      return owner_.take_body(bytes, error);
    }
    void on_finish_impl(error_code&) override {}
  };

  std::optional<message> current;
  std::vector<http_field> fields;
  byte_consumer* body = nullptr;
  std::optional<failure> refused;
  std::span<const char> presented;  // what `feed` was given
  std::size_t head_bytes = 0;
  std::uint64_t body_bytes = 0;
  unsigned interim_answers = 0;
  int status = 0;
  int version = 0;
  bool to_head = false;
  bool has_head = false;

  void begin_message(std::size_t header_limit) {
    current.emplace(*this);
    current->header_limit(static_cast<std::uint32_t>(header_limit));
    current->body_limit(boost::none);
    current->skip(to_head);
    fields.clear();
    fields.reserve(usual_fields);
  }

  /// The value was put together from several lines (RFC 9112 5.2), which no honest server does.
  [[nodiscard]] bool is_folded(std::string_view name, std::string_view value) const {
    const char* from = name.data() + name.size();
    if (value.data() < from || value.data() > presented.data() + presented.size()) return true;
    return std::find(from, value.data(), '\r') != value.data();
  }

  void take_field(beast::http::field id, std::string_view name, std::string_view value, error_code& error) {
    if (has_head) return;  // a trailer: nothing in it may change what the head said (RFC 9110 6.5.1)
    if (is_folded(name, value)) return refuse(not_http("a header field goes on over several lines"), error);
    if (id == beast::http::field::transfer_encoding && (version < 11 || !core::iequals(value, "chunked")))
      return refuse(not_http("a Transfer-Encoding other than chunked"), error);
    fields.push_back({std::string(name), std::string(value)});
  }

  std::size_t take_body(beast::string_view bytes, error_code& error) {
    body_bytes += bytes.size();
    if (body == nullptr || bytes.empty()) return bytes.size();
    auto handed = body->consume(std::as_bytes(std::span(bytes.data(), bytes.size())));
    if (!handed) refuse(handed.error(), error);
    return bytes.size();
  }

  void refuse(failure why, error_code& error) {
    refused = std::move(why);
    error = stored();
  }

  [[nodiscard]] failure failure_for(const error_code& error, std::size_t header_limit) {
    if (refused) return *std::exchange(refused, std::nullopt);
    if (error == beast::http::error::header_limit) return too_long(header_limit);
    return not_http(error.message());
  }

  [[nodiscard]] failure too_long(std::size_t limit) const {
    return make_failure(errc::protocol, fmt::format("more than {} bytes of {}", limit,
                                                    has_head ? "chunk header or trailers" : "headers"));
  }

  /// The head is complete. Interim answers (RFC 9110 15.2) are passed over.
  result<void> head_complete(std::size_t header_limit) {
    if (status < 100) return not_http(fmt::format("the status {:03}, which there is not", status));
    if (status / 100 != 1) {
      has_head = true;
      current->eager(true);
      return {};
    }
    if (status == 101) return not_http("101 Switching Protocols, which nobody asked for");
    if (++interim_answers > max_interim_answers) return not_http("interim answers without end");
    begin_message(header_limit);
    return {};
  }
};

response_reader::response_reader(std::size_t header_limit)
    : header_limit_(header_limit), parser_(std::make_unique<parser>()) {}
response_reader::~response_reader() = default;

void response_reader::start(bool to_head) {
  parser& p = *parser_;
  p.to_head = to_head;
  p.has_head = false;
  p.body = nullptr;
  p.refused.reset();
  p.head_bytes = 0;
  p.body_bytes = 0;
  p.interim_answers = 0;
  p.begin_message(header_limit_);
}

result<std::size_t> response_reader::feed(std::span<const char> bytes) {
  parser& p = *parser_;
  std::size_t used = 0;
  while (used < bytes.size() && !done()) {
    // Never more of a chunked body than a chunk header may take: one that is too long is too long even if all
    // of it is there.
    const bool cut = p.has_head && bytes.size() - used > header_limit_;
    p.presented = bytes.subspan(used, cut ? header_limit_ : std::dynamic_extent);
    error_code error;
    const std::size_t count = p.current->put({p.presented.data(), p.presented.size()}, error);
    const std::size_t left = p.presented.size() - count;
    used += count;
    if (!p.has_head) p.head_bytes += count;
    if (error && error != beast::http::error::need_more) return p.failure_for(error, header_limit_);
    const std::size_t pending = error ? left : 0;
    const bool too_long = p.has_head ? pending >= header_limit_ : pending + p.head_bytes > header_limit_;
    if (too_long) return p.too_long(header_limit_);
    if (error && !cut) return used;
    if (p.has_head || !p.current->is_header_done()) continue;
    auto step = p.head_complete(header_limit_);
    if (!step) return step.error();
    if (p.has_head) return used;
  }
  return used;
}

result<void> response_reader::feed_end() {
  parser& p = *parser_;
  if (done()) return {};
  if (!p.has_head) return make_failure(errc::connection, "the connection was closed within the header");
  error_code error;
  p.current->put_eof(error);
  if (!error) return {};
  const auto announced = content_length();
  if (announced)
    return make_failure(errc::truncated,
                        fmt::format("the body was cut short: {} of {} bytes came", p.body_bytes, *announced));
  return make_failure(
      errc::truncated,
      fmt::format("the body was cut short after {} bytes, before its last chunk", p.body_bytes));
}

void response_reader::set_body_consumer(byte_consumer* where) noexcept { parser_->body = where; }

bool response_reader::has_head() const noexcept { return parser_->has_head; }
bool response_reader::done() const noexcept { return parser_->has_head && parser_->current->is_done(); }
int response_reader::status() const noexcept { return parser_->status; }
std::vector<http_field> response_reader::take_fields() { return std::move(parser_->fields); }

std::optional<std::uint64_t> response_reader::content_length() const {
  const auto length = parser_->current->content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool response_reader::ends_with_connection() const { return parser_->current->need_eof(); }
bool response_reader::keep_alive() const { return done() && parser_->current->keep_alive(); }
std::uint64_t response_reader::body_bytes() const noexcept { return parser_->body_bytes; }

}  // namespace pofetch::http
