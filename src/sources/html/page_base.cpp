#include "sources/html/page_base.hpp"

#include "core/ascii.hpp"

namespace pofetch::sources {

void page_base::element_started(const html_element& element) {
  if (given_ || element.name != "base") return;
  const auto href = element.find("href");
  if (!href) return;
  given_ = true;
  // One that cannot be used is as if it were not there; `data:` and `javascript:` are no place at all.
  auto url = core::resolve(page_url_, core::trim(*href));
  if (url) base_ = std::move(*url);
}

bool page_base::is_own(std::string_view url) const {
  if (!own_) return false;
  const std::string_view site = std::string_view(own_->text).substr(0, own_->path_begins);
  return url.starts_with(site) && url.substr(site.size(), 1) == "/";
}

}  // namespace pofetch::sources
