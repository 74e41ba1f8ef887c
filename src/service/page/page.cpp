#include "service/page/page.hpp"

#include "core/ascii.hpp"
#include "service/page/page_assets.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace pofetch::service {

namespace {

/// Scripts, styles and pictures of our own, requests to ourselves, nothing else; and no script can make
/// markup of a text.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// `gzip;q=0` is a no.
bool takes_gzip(std::string_view field) {
  for (const std::string_view each : core::split(field, ',')) {
    const std::size_t semicolon = std::min(each.find(';'), each.size());
    if (!core::iequals(core::trim(each.substr(0, semicolon)), "gzip")) continue;
    const std::string_view weight = core::trim(each.substr(std::min(semicolon + 1, each.size())));
    return !weight.starts_with("q=0") || weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

bool names_mark(std::string_view field, std::string_view tag) {
  const auto parts = core::split(field, ',');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view each) {
    std::string_view one = core::trim(each);
    if (one.starts_with("W/")) one.remove_prefix(2);
    return one == tag || one == "*";
  });
}

reply asset_reply(const page_asset& asset, const request& asked) {
  reply made;
  const bool gzipped = takes_gzip(asked.head.value("accept-encoding"));
  const std::string tag = "\"" + std::string(asset.mark) + (gzipped ? "-gzip\"" : "\"");
  made.fields = {{"ETag", tag},
                 {"Vary", "Accept-Encoding"},
                 {"Content-Security-Policy", std::string(page_policy)},
                 {"Cross-Origin-Opener-Policy", "same-origin"},
                 {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (names_mark(asked.head.value("if-none-match"), tag)) {
    made.status = 304;
    return made;
  }
  if (gzipped) made.fields.emplace_back("Content-Encoding", "gzip");
  made.type = asset.type;
  made.body = gzipped ? asset.gzipped : asset.plain;
  return made;
}

reply asset_named(std::string_view name, const request& asked) {
  const auto all = page_assets();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return found == all.end() ? refuse("not-found", "The page has no such part.") : asset_reply(*found, asked);
}

awaitable<reply> send_page(request& asked) { co_return asset_named("index.html", asked); }
awaitable<reply> send_part(request& asked) { co_return asset_named(asked.names[0], asked); }

}  // namespace

std::vector<route> page_routes() {
  return {{"GET", "/", scope::none, takes::nothing, "The page for people.", send_page},
          {"GET", "/assets/{name}", scope::none, takes::nothing, "What the page is made of.", send_part}};
}

}  // namespace pofetch::service
