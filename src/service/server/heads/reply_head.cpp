#include "service/server/heads/reply_head.hpp"

#include "core/ascii.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <iterator>

namespace pofetch::service {

namespace {

std::string_view reason_of(unsigned status) {
  if (status == 421) return "Misdirected Request";
  const auto words = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {words.data(), words.size()};
}

void add_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  const std::size_t begin = head.size();
  head.append(value).append("\r\n");
  for (std::size_t at = begin; at < begin + value.size(); ++at)
    if (core::is_control(head[at]) && head[at] != '\t') head[at] = ' ';
}

/// The time of an answer, made once a second.
std::string_view date_now() {
  thread_local std::time_t made_at = -1;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  made_at = now;
  return text;
}

void add_common(std::string& head, const request& asked, bool keep) {
  add_field(head, "Date", date_now());
  add_field(head, "Request-Id", asked.id);
  head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
  if (!keep) add_field(head, "Connection", "close");
  if (keep && asked.head.http_1_0) add_field(head, "Connection", "keep-alive");
}

bool has_no_body(unsigned status) { return status == 204 || status == 304; }

}  // namespace

std::string reply_text(const request& asked, const reply& what, bool keep, bool chunked) {
  const bool refused = what.refused.has_value();
  const unsigned status = refused ? kind_of_problem(what.refused->slug).status : what.status;
  const std::string error = refused ? problem_json(*what.refused, asked.id) : std::string();
  const std::string& body = refused ? error : what.body;
  constexpr std::size_t usual_head = 512;
  std::string text;
  text.reserve(usual_head + body.size());
  fmt::format_to(std::back_inserter(text), "HTTP/1.1 {} {}\r\n", status, reason_of(status));
  add_common(text, asked, keep);
  for (const auto& [name, value] : what.fields) add_field(text, name, value);
  if (refused && what.refused->retry_after)
    add_field(text, "Retry-After", std::to_string(what.refused->retry_after->count()));
  const std::string_view type = refused ? "application/problem+json" : std::string_view(what.type);
  const bool streams = what.stream != nullptr && !refused;
  if (!type.empty()) add_field(text, "Content-Type", type);
  if (streams && what.stream->length()) {
    add_field(text, "Content-Length", std::to_string(*what.stream->length()));
  } else if (chunked) {
    add_field(text, "Transfer-Encoding", "chunked");
  } else if (!streams && !has_no_body(status)) {
    add_field(text, "Content-Length", std::to_string(body.size()));
  }
  text += "\r\n";
  if (asked.head.method != "HEAD" && !streams && !has_no_body(status)) text += body;
  return text;
}

std::string as_chunk(std::string_view bytes) { return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes); }

}  // namespace pofetch::service
