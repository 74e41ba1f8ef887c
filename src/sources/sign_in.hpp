#pragma once

#include <pofetch/http_message.hpp>

#include <string>
#include <string_view>

namespace pofetch::sources {

/// Is this the address of a sign-in page of the instance at `base_url` or of its identity provider?
/// Looks at path and host, never at the query, where a sign-in address may carry the wanted one. Routes
/// of files on the instance itself are none, whatever the files are called.
[[nodiscard]] bool is_sign_in_address(std::string_view url, std::string_view base_url);

/// Has the beginning of this HTML page fields for a mail address and a password?
[[nodiscard]] bool has_sign_in_form(std::string_view html);

/// Does the head alone say that signing in is needed: 401, the address of a sign-in page, or a redirect to
/// one?
[[nodiscard]] bool head_asks_to_sign_in(const http_response& head, std::string_view base_url);

/// Absolute target of a redirect; empty if it is none.
[[nodiscard]] std::string redirect_target(const http_response& head);

}  // namespace pofetch::sources
