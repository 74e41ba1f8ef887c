#pragma once

#include <pofetch/http_message.hpp>

#include <string>
#include <string_view>

namespace pofetch::sources {

/// Is this where the instance at `base_url` itself has users sign in (`/sessions/new`, `/login`)? By its
/// path; scheme and port do not matter.
[[nodiscard]] bool is_own_sign_in_address(std::string_view url, std::string_view base_url);

/// Has this address the words of sign-in pages, of the instance or of an identity provider, in its path or
/// host? Never in the query, where a sign-in address may carry the wanted one. Files, folders and companies
/// are called like that, too: it says something where a page was expected, or a page came, and nothing else.
[[nodiscard]] bool is_sign_in_address(std::string_view url, std::string_view base_url);

/// Is a redirect of a page to this address not followed, because its 3xx answer tells enough: a sign-in page,
/// or another origin? One to plain HTTP is left to the transport, which refuses it, unless the instance
/// itself signs in there.
[[nodiscard]] bool ends_a_page(std::string_view target, std::string_view base_url);

/// Has the beginning of this HTML page fields for a mail address and a password?
[[nodiscard]] bool has_sign_in_form(std::string_view html);

/// Has it a field for a password, or does it hand a request for signing in on to somebody (SAML)? Pages of
/// all kinds of identity providers do, so may a page that is a file.
[[nodiscard]] bool asks_for_password(std::string_view html);

/// Does the head alone say that signing in is needed: 401, the address of a sign-in page, or a redirect to
/// one?
[[nodiscard]] bool head_asks_to_sign_in(const http_response& head, std::string_view base_url);

/// Absolute target of a redirect; empty if it is none.
[[nodiscard]] std::string redirect_target(const http_response& head);

/// The same for a message: masked, `nowhere` if there is none.
[[nodiscard]] std::string shown_target(const http_response& head);

}  // namespace pofetch::sources
