#pragma once

#include <pofetch/http_message.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::objects {

/// Who signs. All but `access_key` are secrets.
struct access_keys {
  std::string access_key;
  std::string secret;
  /// Of keys that end; empty: there is none.
  std::string token{};
};

/// A request as Signature Version 4 of AWS sees it.
struct signed_parts {
  std::string_view method;
  /// Encoded, as it is sent.
  std::string_view path;
  /// Names and values as they are meant, not encoded.
  const std::vector<std::pair<std::string, std::string>>& query;
  /// All fields that are signed: Host and every `x-amz-` field among them.
  const std::vector<http_field>& fields;
  /// In hexadecimal.
  std::string_view payload_sha256;
};

/// Where and when a signature counts.
struct signing_scope {
  std::string_view region;
  std::string_view service;
  std::chrono::system_clock::time_point time;
};

/// `20130524T000000Z`, the value of `x-amz-date`.
[[nodiscard]] std::string amz_date(std::chrono::system_clock::time_point time);

/// SHA-256 in hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// A key or prefix of an object as it stands in a path: everything but unreserved characters and `/` encoded,
/// once.
[[nodiscard]] std::string encode_path(std::string_view path);

/// As it is signed and sent: sorted, encoded, without the question mark.
[[nodiscard]] std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& query);

[[nodiscard]] std::string canonical_request(const signed_parts& parts);

/// The value of the Authorization field. Pure: depends on nothing but its arguments.
[[nodiscard]] std::string authorization(const signed_parts& parts, const signing_scope& scope,
                                        const access_keys& who);

}  // namespace pofetch::objects
