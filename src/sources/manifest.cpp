#include "sources/manifest.hpp"

#include "async/offload.hpp"
#include "core/ascii.hpp"
#include "core/basic_auth.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "sources/sign_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::size_t sha256_digits = 64;

bool is_sha256(std::string_view text) {
  return text.size() == sha256_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return core::hex_value(c) >= 0; });
}

failure unusable(std::string_view po_number, const manifest_row& row, std::string_view why) {
  return make_failure(errc::input, fmt::format("PO {}: line {} of the manifest cannot be used: {}.",
                                               po_number, row.line, why));
}

/// The row as attachment, but for its key.
result<attachment> read_row(std::string_view po_number, const manifest_row& row) {
  if (core::trim(row.url).empty()) return unusable(po_number, row, "it has no address");
  auto url = core::normalize_url(row.url);
  if (!url)
    return unusable(po_number, row,
                    fmt::format("'{}' is no http or https address", core::mask_url(row.url.substr(0, 200))));
  attachment made;
  made.sha256 = core::to_lower(core::trim(row.sha256));
  if (!made.sha256.empty() && !is_sha256(made.sha256))
    return unusable(po_number, row, "its sha256 is not 64 hexadecimal digits");
  made.url = std::move(*url);
  made.name = row.filename;
  made.size = row.size;
  made.user_named = true;
  if (const auto userinfo = core::userinfo_of(row.url); !userinfo.empty()) {
    const auto credentials = core::basic_credentials(userinfo);
    if (!credentials)
      return unusable(po_number, row, "its user name or password has a character that cannot be sent");
    made.authorization = "Basic " + *credentials;
  }
  return made;
}

}  // namespace

discovery discovery_of(std::string_view po_number, const std::vector<manifest_row>& rows) {
  discovery made;
  std::unordered_set<std::string> urls;
  std::unordered_set<std::string> keys;
  std::unordered_map<std::string, std::size_t> uses;
  std::size_t problems = 0;
  for (const auto& row : rows) {
    auto next = read_row(po_number, row);
    if (!next) {
      if (problems++ == 0) made.incomplete = next.error();
      continue;
    }
    if (!urls.insert(next->url).second) continue;
    // Addresses that differ by a secret only share a key: they are told apart by their order.
    const std::string key = core::url_key(next->url);
    next->key = key;
    while (!keys.insert(next->key).second) next->key = fmt::format("{} #{}", key, ++uses[key] + 1);
    made.attachments.push_back(std::move(*next));
  }
  if (problems > 1) made.incomplete->message += fmt::format(" ({} more lines like this.)", problems - 1);
  return made;
}

manifest::manifest(boost::asio::any_io_executor ledger_thread, manifest_rows& rows, std::string base_url)
    : ledger_thread_(std::move(ledger_thread)), rows_(rows), base_url_(std::move(base_url)) {}

awaitable<result<discovery>> manifest::discover(const purchase_order& po) {
  auto read = [this, &po] { return rows_.rows_of(po.number); };
  auto rows = co_await async::offload(ledger_thread_, read);
  if (!rows) co_return rows.error();
  co_return discovery_of(po.number, *rows);
}

bool manifest::is_sign_in_url(std::string_view url) const {
  return core::same_origin(url, base_url_) && is_own_sign_in_address(url, base_url_);
}

bool manifest::looks_like_sign_in(std::string_view /*url*/) const { return false; }

bool manifest::asks_to_sign_in(const http_response& head, std::string_view first_bytes,
                               bool /*page_expected*/) const {
  // The address itself says nothing: the user wrote it.
  return core::same_origin(head.url, base_url_) &&
         (head.status == 401 || is_sign_in_url(redirect_target(head)) || has_sign_in_form(first_bytes));
}

}  // namespace pofetch::sources
