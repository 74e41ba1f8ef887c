#pragma once

#include "core/url.hpp"
#include "http/cookie_entry.hpp"

#include <pofetch/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// What can be used of a text with cookies.
struct cookie_reading {
  std::vector<cookie> cookies{};
  /// One sentence if some were left out; empty: none were.
  std::string warning{};
};

/// Reads cookies as browsers and their extensions export them: Netscape cookies.txt (with `#HttpOnly_`
/// lines; tabs that became spaces are understood where there is no doubt), or JSON (see `list_json_cookies`).
/// Which one it is shows from the first character.
///
/// `instance`: where they are to be sent; null: to wherever their domain says. A cookie that cannot be used
/// is left out with a warning, unless it may be what the instance needs: one of its own whose form is not
/// understood, or all of its own. So is, without a word, one that browsers keep for the pages of another
/// site. Failure config names `shown` and the line; nothing ever quotes a value.
[[nodiscard]] result<cookie_reading> parse_cookie_text(std::string_view text, std::string_view shown,
                                                       const core::origin* instance = nullptr);

/// Netscape cookies.txt.
[[nodiscard]] std::string format_cookie_text(std::span<const cookie> cookies);

/// The text with its cookies as they are `now`: renewed ones in their place and in the text's own form, new
/// ones at its end, those that are gone left out. All else, what is not understood included, stays byte for
/// byte. A text that is no list of cookies is replaced by a cookies.txt.
[[nodiscard]] std::string renewed_cookie_text(std::string_view text, std::span<const cookie> now,
                                              const core::origin* instance = nullptr);

/// A Cookie header, with or without its name: `a=b; c=d`. They are for `host` alone, path `/`. Failure
/// config if there is no cookie in it or one that cannot be sent.
[[nodiscard]] result<std::vector<cookie>> cookies_from_header(std::string_view header, std::string_view host);

}  // namespace pofetch::http
