#include "sources/manifest/manifest.hpp"

#include "core/url.hpp"
#include "sources/coupa/sign_in.hpp"

#include <fmt/format.h>

#include <utility>

namespace pofetch::sources {

discovery discovery_of(const std::vector<listed_attachment>& listed) {
  discovery made;
  std::size_t problems = 0;
  for (const listed_attachment& line : listed) {
    if (line.problem.empty())
      made.attachments.push_back(line.file);
    else if (problems++ == 0)
      made.incomplete = make_failure(errc::input, line.problem);
  }
  if (problems > 1) made.incomplete->message += fmt::format(" ({} more lines like this.)", problems - 1);
  return made;
}

awaitable<result<discovery>> manifest::discover(const purchase_order& po) {
  failure why = make_failure(
      errc::input,
      fmt::format("PO {}: its lines of the manifest are not here; run again with the list.", po.number));
  co_return why;
}

awaitable<result<discovery>> manifest::discover_listed(const purchase_order& /*po*/,
                                                       const std::vector<listed_attachment>& listed) {
  discovery found = discovery_of(listed);
  co_return found;
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
