// Any bytes as the head of a request: what is accepted keeps its promises, reads the same once it is written
// anew, and is framed by Beast's parser, which reads the body, in the same way.
#include "core/ascii.hpp"
#include "fuzz/fuzz_input.hpp"
#include "service/server/heads/request_head.hpp"
#include "service/server/heads/request_target.hpp"
#include "service/server/problem.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <string>

namespace {

using namespace pofetch;
using service::body_framing;
using service::request_head;

std::string written(const request_head& head) {
  std::string text = head.method + " " + head.target + (head.http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& [name, value] : head.fields) text.append(name).append(": ").append(value).append("\r\n");
  return text + "\r\n";
}

void check_fields(const request_head& head) {
  fuzz::require(head.fields.size() <= service::max_head_fields);
  fuzz::require(head.target.starts_with('/') || head.target == "*");
  for (const auto& [name, value] : head.fields) {
    fuzz::require(!name.empty() && name.find_first_of(" \t:") == std::string::npos);
    fuzz::require(
        std::none_of(value.begin(), value.end(), [](char c) { return core::is_control(c) && c != '\t'; }));
  }
  const auto hosts = std::count_if(head.fields.begin(), head.fields.end(),
                                   [](const auto& each) { return each.first == "host"; });
  fuzz::require(hosts == 1);
}

void check_round_trip(const request_head& head) {
  const auto again = service::read_head(written(head));
  fuzz::require(again.good());
  fuzz::require(again.head.method == head.method && again.head.target == head.target);
  fuzz::require(again.head.fields == head.fields);
  fuzz::require(again.head.framing == head.framing && again.head.length == head.length);
  fuzz::require(again.head.keep_alive == head.keep_alive);
}

/// Where Beast accepts the head as well, its body has the same end.
void check_framing(std::string_view text, const request_head& head) {
  boost::beast::http::request_parser<boost::beast::http::buffer_body> parser;
  parser.header_limit(64U << 10);
  parser.body_limit(boost::none);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  if (!parser.is_header_done()) return;
  fuzz::require(parser.chunked() == (head.framing == body_framing::chunked));
  const auto length = parser.content_length();
  if (head.framing == body_framing::length) fuzz::require(length && *length == head.length);
  if (head.framing == body_framing::none) fuzz::require(!length || *length == 0);
}

void check_target(std::string_view text) {
  const auto target = service::read_target(text);
  if (!target) return;
  for (const std::string& each : target->segments)
    fuzz::require(each != "." && each != ".." && each.find('/') == std::string::npos &&
                  each.find('\0') == std::string::npos);
  for (const auto& [name, value] : target->query) {
    fuzz::require(!name.empty());
    fuzz::require(std::none_of(value.begin(), value.end(), core::is_control));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  static_cast<void>(service::good_chunk_extension(bytes));
  check_target(bytes);
  // As it is cut off for the reader: to the end of the first empty line.
  const std::size_t end = std::min(bytes.find("\r\n\r\n"), bytes.size());
  const std::string text = std::string(bytes.substr(0, end)) + "\r\n\r\n";
  const auto read = service::read_head(text);
  if (!read.good()) {
    fuzz::require(service::kind_of_problem(read.refused.slug).status < 506);
    fuzz::require(service::kind_of_problem(read.refused.slug).slug == read.refused.slug);
    return 0;
  }
  check_fields(read.head);
  check_round_trip(read.head);
  check_framing(text, read.head);
  check_target(read.head.target);
  return 0;
}
