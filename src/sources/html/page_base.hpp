#pragma once

#include "core/url.hpp"
#include "sources/html/html_events.hpp"

#include <string>
#include <string_view>

namespace pofetch::sources {

/// What the addresses on a page are relative to (HTML 4.2.3): the address of the page, or that of its first
/// `base` element with an `href`, wherever that leads.
class page_base {
 public:
  explicit page_base(std::string_view page_url)
      : page_url_(page_url), base_(page_url), own_(core::parse_address(page_url)) {}

  void element_started(const html_element& element);

  [[nodiscard]] const std::string& page_url() const noexcept { return page_url_; }

  /// See core::resolve.
  [[nodiscard]] result<std::string> resolve(std::string_view reference) const {
    return core::resolve(base_, reference);
  }

  /// Does this address, as `resolve` made it, lead to where the page itself came from?
  [[nodiscard]] bool is_own(std::string_view url) const;

 private:
  std::string page_url_;
  std::string base_;
  result<core::web_address> own_;
  bool given_ = false;  ///< a `base` element was seen: further ones do not count
};

}  // namespace pofetch::sources
