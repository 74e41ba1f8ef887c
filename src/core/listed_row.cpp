#include "core/listed_row.hpp"

#include "core/ascii.hpp"
#include "core/basic_auth.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace pofetch::core {
namespace {

constexpr std::size_t sha256_digits = 64;
/// Of an address that is none, in a message.
constexpr std::size_t shown_bytes = 200;

bool is_sha256(std::string_view text) {
  return text.size() == sha256_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return hex_value(c) >= 0; });
}

failure unusable_row(std::string why) { return make_failure(errc::input, std::move(why)); }

result<attachment> read_row(const po_row& row) {
  if (trim(row.url).empty()) return unusable_row("it has no address");
  auto url = normalize_url(row.url);
  if (!url)
    return unusable_row(
        fmt::format("'{}' is no http or https address", mask_url(row.url.substr(0, shown_bytes))));
  attachment made;
  made.sha256 = to_lower(trim(row.sha256));
  if (!made.sha256.empty() && !is_sha256(made.sha256))
    return unusable_row("its sha256 is not 64 hexadecimal digits");
  made.key = url_key(*url);
  made.url = std::move(*url);
  made.name = row.filename;
  made.size = row.size;
  made.user_named = true;
  if (const auto userinfo = userinfo_of(row.url); !userinfo.empty()) {
    const auto credentials = basic_credentials(userinfo);
    if (!credentials) return unusable_row("its user name or password has a character that cannot be sent");
    made.authorization = "Basic " + *credentials;
  }
  return made;
}

}  // namespace

listed_attachment listed_of(const po_row& row) {
  listed_attachment made;
  made.line = row.line;
  auto file = read_row(row);
  if (file) {
    made.file = std::move(*file);
    return made;
  }
  // No address has such a key: it holds a control character.
  made.file.key = fmt::format("\x01line {}", row.line);
  made.problem = fmt::format("PO {}: line {} of the manifest cannot be used: {}.", row.number, row.line,
                             file.error().message);
  return made;
}

}  // namespace pofetch::core
