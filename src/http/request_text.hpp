#pragma once

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::http {

/// Can these stand in a request head? A name must be a token, a value free of control characters other than
/// tab (RFC 9110 5.5); Host, Cookie, the framing and connection fields are the client's own. Failure config
/// names the field, never its value.
[[nodiscard]] result<void> check_fields(std::span<const http_field> fields);

/// Method as a token. Failure config.
[[nodiscard]] result<void> check_method(std::string_view method);

/// What goes into a request besides the request itself.
struct request_head {
  std::string_view method;
  /// Path and query, free of spaces and control characters.
  std::string_view target;
  /// As in a Host field.
  std::string_view host;
  std::string_view user_agent;
  /// Value of Accept-Encoding unless the fields have one.
  std::string_view accept_encoding;
  /// The request's own fields.
  std::span<const http_field> fields;
  /// Credentials for the instance's own origin; empty elsewhere.
  std::span<const http_field> own_fields;
  /// Leave Authorization out of `fields`: the request has left the origin that it was made for.
  bool elsewhere = false;
};

/// Replaces `out` with the head as it goes on the wire (RFC 9112 3), without Cookie, Content-Length and the
/// blank line at the end: see `finish_head`.
void write_head(std::string& out, const request_head& head);

/// Appends Content-Length where the method needs one, the blank line, and the body.
void finish_head(std::string& out, std::string_view method, std::string_view body);

/// The same for a body of so many bytes that is sent once the server asks for it.
void finish_head_of_upload(std::string& out, std::uint64_t size);

/// First field of that name, in any case; nullptr if there is none.
[[nodiscard]] const http_field* find_field(std::span<const http_field> fields,
                                           std::string_view name) noexcept;

}  // namespace pofetch::http
