#pragma once

#include "sources/html/html_events.hpp"
#include "sources/html/page_text.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// Finds the supplier's name, best effort: `[data-supplier-name]`, else `span[class*=supplier-name]`, else
/// the first `span` with text within `.supplier-info`.
class supplier_finder {
 public:
  void element_started(const html_element& element);
  void element_ended(std::size_t depth);
  void text(std::string_view chars);

  /// At most 512 bytes; empty if the page does not say.
  [[nodiscard]] std::string name() const;

 private:
  /// One way of marking the name, while the page is read.
  struct way {
    page_text found{512};
    std::size_t depth = 0;  ///< of the element whose text is read; 0: none

    void open(std::size_t at) {
      if (depth == 0 && found.empty()) depth = at;
    }
  };

  std::array<way, 3> ways_;     ///< the surest first
  std::size_t info_depth_ = 0;  ///< of `.supplier-info`; 0: not inside
};

}  // namespace pofetch::sources
