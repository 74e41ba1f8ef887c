#include "http/response_reader.hpp"

#include "http/chunk_reader.hpp"
#include "http/head_text.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace pofetch::http {

namespace {

namespace beast = boost::beast;
using boost::system::error_code;

constexpr unsigned max_interim_answers = 16;
constexpr std::size_t usual_fields = 24;

/// Where the body of a message ends.
enum class framing { none, length, chunks, close };

}  // namespace

struct response_reader::parser {
  /// Beast's parser reads the head, once it is regular; everything it finds comes in through these hooks.
  struct message final : beast::http::basic_parser<false> {
    explicit message(parser& owner) : owner_(owner) {}
    parser& owner_;

    void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int,
                         error_code&) override {}
    void on_response_impl(int code, beast::string_view, int, error_code&) override { owner_.status = code; }
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       error_code&) override {
      owner_.fields.push_back(
          {std::string(name.data(), name.size()), std::string(value.data(), value.size())});
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view bytes, error_code&) override { return bytes.size(); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
      return bytes.size();
    }
    void on_finish_impl(error_code&) override {}
  };

  /// Counts the body on its way to whoever wants it.
  struct counter final : byte_consumer {
    byte_consumer* to = nullptr;
    std::uint64_t count = 0;
    result<void> consume(std::span<const std::byte> bytes) override {
      count += bytes.size();
      return to == nullptr ? result<void>() : to->consume(bytes);
    }
  };

  std::optional<message> current;
  std::vector<http_field> fields;
  head_end end;
  std::size_t head_bytes = 0;  // of interim answers
  unsigned interim_answers = 0;
  int status = 0;
  bool to_head = false;
  bool has_head = false;
  bool must_close = false;
  framing how = framing::none;
  std::uint64_t left = 0;  // with `framing::length`
  chunk_reader chunks;
  counter body;
  bool done = false;

  void begin_message() {
    current.emplace(*this);
    current->header_limit(std::numeric_limits<std::uint32_t>::max());
    current->body_limit(boost::none);
    current->skip(to_head);
    end = head_end();
    fields.clear();
    fields.reserve(usual_fields);
  }

  result<void> parse(std::string_view head) {
    auto regular = regular_head_of(head);
    if (!regular) return regular.error();
    must_close = regular->must_close;
    error_code error;
    current->put({regular->text.data(), regular->text.size()}, error);
    if (error) return not_http(error.message());
    return {};
  }

  /// The head is complete. Interim answers (RFC 9110 15.2) are passed over.
  result<void> head_complete(std::size_t line_limit) {
    if (status < 100) return not_http(fmt::format("the status {:03}, which there is not", status));
    if (status == 101) return not_http("101 Switching Protocols, which nobody asked for");
    if (status / 100 == 1) {
      if (++interim_answers > max_interim_answers) return not_http("interim answers without end");
      begin_message();
      return {};
    }
    has_head = true;
    how = framing_of(*current);
    left = how == framing::length ? *current->content_length() : 0;
    chunks.start(line_limit);
    done = how == framing::none;
    return {};
  }

  static framing framing_of(const message& head) {
    if (head.is_done()) return framing::none;
    if (head.chunked()) return framing::chunks;
    return head.content_length() ? framing::length : framing::close;
  }

  result<std::size_t> feed_body(std::span<const char> bytes) {
    if (how == framing::chunks) {
      auto used = chunks.feed(bytes, body);
      done = chunks.done();
      return used;
    }
    std::size_t count = bytes.size();
    if (how == framing::length) count = static_cast<std::size_t>(std::min<std::uint64_t>(left, count));
    if (auto handed = body.consume(std::as_bytes(bytes.first(count))); !handed) return handed.error();
    if (how != framing::length) return count;
    left -= count;
    done = left == 0;
    return count;
  }
};

response_reader::response_reader(std::size_t header_limit)
    : header_limit_(header_limit), parser_(std::make_unique<parser>()) {}
response_reader::~response_reader() = default;

void response_reader::start(bool to_head) {
  parser& p = *parser_;
  p.to_head = to_head;
  p.has_head = false;
  p.done = false;
  p.body = {};
  p.head_bytes = 0;
  p.interim_answers = 0;
  p.begin_message();
}

result<std::size_t> response_reader::feed(std::span<const char> bytes) {
  parser& p = *parser_;
  std::size_t used = 0;
  while (!p.has_head) {
    const std::string_view rest(bytes.data() + used, bytes.size() - used);
    auto end = p.end.find(rest);
    if (!end) return end.error();
    if (p.head_bytes + end->value_or(rest.size()) > header_limit_)
      return make_failure(errc::protocol, fmt::format("more than {} bytes of headers", header_limit_));
    if (!*end) return used;
    auto step = p.parse(rest.substr(0, **end));
    if (step) step = p.head_complete(header_limit_);
    if (!step) return step.error();
    p.head_bytes += **end;
    used += **end;
    if (p.has_head) return used;
  }
  if (p.done || bytes.empty()) return used;
  return p.feed_body(bytes);
}

result<void> response_reader::feed_end() {
  parser& p = *parser_;
  if (p.done) return {};
  if (!p.has_head) return make_failure(errc::connection, "the connection was closed within the header");
  if (p.how == framing::close || is_body_whole()) {
    p.must_close = true;
    p.done = true;
    return {};
  }
  if (p.how == framing::length)
    return make_failure(errc::truncated, fmt::format("the body was cut short: {} of {} bytes came",
                                                     p.body.count, p.body.count + p.left));
  return make_failure(
      errc::truncated,
      fmt::format("the body was cut short after {} bytes, before its last chunk", p.body.count));
}

void response_reader::set_body_consumer(byte_consumer* where) noexcept { parser_->body.to = where; }

bool response_reader::has_head() const noexcept { return parser_->has_head; }
bool response_reader::has_interim() const noexcept { return parser_->interim_answers > 0; }
bool response_reader::done() const noexcept { return parser_->has_head && parser_->done; }
bool response_reader::is_body_whole() const noexcept {
  return done() || (parser_->has_head && parser_->how == framing::chunks && parser_->chunks.is_body_whole());
}
int response_reader::status() const noexcept { return parser_->status; }
std::vector<http_field> response_reader::take_fields() { return std::move(parser_->fields); }

std::optional<std::uint64_t> response_reader::content_length() const {
  const auto length = parser_->current->content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool response_reader::ends_with_connection() const { return parser_->current->need_eof(); }
bool response_reader::keep_alive() const {
  return done() && !parser_->must_close && parser_->current->keep_alive();
}
std::uint64_t response_reader::body_bytes() const noexcept { return parser_->body.count; }

}  // namespace pofetch::http
