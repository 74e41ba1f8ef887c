#pragma once

#include <string>
#include <string_view>

namespace pofetch::core {

/// The URL as it may be shown and stored: without userinfo; values of query, fragment and path parameters
/// whose name suggests a secret (token, signature, key, session, ...), or which hold a URL with one, are
/// `***`; control characters are percent-encoded. Works on any text, whether it parses or not.
[[nodiscard]] std::string mask_url(std::string_view url);

/// Masks every URL within a line of text, bearer and basic credentials, and the values of header lines
/// that carry credentials (Authorization, Cookie, X-COUPA-API-KEY, ...).
[[nodiscard]] std::string mask_secrets_in_text(std::string_view text);

/// Does the name of a parameter or field suggest that its value is a secret?
[[nodiscard]] bool is_secret_name(std::string_view name);

/// Identity of an attachment's address across listings: origin, path and query without userinfo,
/// fragment, signatures, expiry and credentials of presigned addresses (AWS, Google, Azure, CloudFront),
/// sessions and passwords. Parameters that may as well name the file (`key`, `code`, `token`, ...) count by a
/// 64-bit hash. Two addresses may share a key: who needs keys to be unique must see to it.
[[nodiscard]] std::string url_key(std::string_view url);

}  // namespace pofetch::core
