#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

struct http_field {
  std::string name;
  std::string value;
};

/// One request. Credentials (cookies, tokens, `headers`) are no part of it: the transport adds them,
/// and only for the instance's own origin.
struct http_request {
  std::string method = "GET";
  /// Absolute, http or https.
  std::string url;
  /// Added as they are; a name or value with a control character is refused.
  std::vector<http_field> fields{};
  std::string body{};
  /// Of the file that is fetched, if the source says it: what is called a gzip file is not unpacked because
  /// the server also calls it gzip-coded.
  std::string file_name{};
  /// The user wrote the URL himself: the address of its own host is not checked.
  bool user_named = false;
  /// Discovery: goes before downloads when connections are short, so that there is always work.
  bool urgent = false;
  /// A decoded body above this many bytes ends the exchange with `too_large`.
  std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max();
  /// A redirect whose absolute target satisfies this is not followed: its 3xx answer is the result.
  std::function<bool(std::string_view url)> stop_before{};
};

/// The head of the final answer.
struct http_response {
  int status = 0;
  /// Address that gave this answer, after redirects. May carry secrets.
  std::string url;
  std::vector<http_field> fields;
  /// Announced length of the body as sent (before content decoding), if any.
  std::optional<std::uint64_t> content_length{};
  /// The body was content-encoded and is handed over decoded: offsets and lengths of the wire do not
  /// count in the sink.
  bool decoded = false;
  /// What was passed over so that the body could be had (a coding that is none, bytes behind the end of one),
  /// as part of a sentence; empty: nothing. Complete when the exchange is.
  std::string remark{};

  /// First field of that name (case-insensitive), empty if there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

}  // namespace pofetch
