#pragma once

#include <string>
#include <string_view>

namespace pofetch::sources {

/// Stands before the HTML parser: reads numeric character references as browsers do (HTML 13.2.5.80), which
/// libxml2 does not: 128 to 159 are Windows-1252, what is no character is U+FFFD, and the semicolon may be
/// missing. Where the pieces of a page end never matters.
class numeric_references {
 public:
  /// What can be parsed by now. Valid until the next call and as long as `markup` is.
  [[nodiscard]] std::string_view pass(std::string_view markup);

  /// The page is whole: what was held back.
  [[nodiscard]] std::string_view finish();

  [[nodiscard]] std::size_t held() const noexcept { return held_.size(); }

 private:
  std::string held_;  ///< a reference that is not finished yet
  std::string out_;
};

}  // namespace pofetch::sources
