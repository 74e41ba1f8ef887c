#pragma once

#include "collector.hpp"
#include "http/response_reader.hpp"
#include "support/results.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::test {

inline constexpr std::size_t answer_header_limit = 1024;

/// What became of an answer.
struct answer_read {
  std::string error;  // word of the failure, empty: none
  int status = 0;
  std::string body;
  std::string left;  // bytes behind the message
  bool done = false;
  bool keep_alive = false;
  std::vector<http_field> fields;
};

/// Feeds the bytes in pieces, as a connection does: what was not used is presented again with more behind it.
inline answer_read read(std::string_view bytes, std::size_t piece, bool closes, bool to_head = false) {
  answer_read seen;
  http::response_reader reader(answer_header_limit);
  reader.start(to_head);
  collector body;
  std::string held;
  while (!reader.done() && (!bytes.empty() || !held.empty())) {
    if (reader.has_head()) reader.set_body_consumer(&body);
    const std::string before = held;
    auto used = reader.feed(held);
    if (!used) {
      seen.error = code_word(used.error());
      return seen;
    }
    held.erase(0, *used);
    if (*used > 0) continue;
    if (bytes.empty()) break;
    held += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (closes && !reader.done()) {
    auto end = reader.feed_end();
    if (!end) seen.error = code_word(end.error());
  }
  seen.status = reader.status();
  seen.done = reader.done();
  seen.body = body.text;
  seen.left = held + std::string(bytes);
  if (reader.has_head()) seen.fields = reader.take_fields();
  seen.keep_alive = reader.keep_alive();
  return seen;
}

}  // namespace pofetch::test
