#pragma once

#include "sources/coupa_web/finder/page_link.hpp"
#include "sources/html/page_base.hpp"

#include <string>

namespace pofetch::sources {

/// What becomes of a link.
struct link_verdict {
  enum class fate {
    ignored,  ///< nothing says that it leads to a file
    listed,   ///< at `url`; as no file if there is a `why_not`
    missed,   ///< it stands for a file whose address is not understood
  };

  fate decided = fate::ignored;
  std::string url;      ///< empty: it has none that can be fetched
  std::string why_not;  ///< empty: it is a file
  std::string id;       ///< of the attachment that is missed, where the address says one
};

/// Decides on a link whose element has ended, so that all its hints are known. What looks like a file and
/// leads somewhere is listed, with the reason why it is none, or missed; never left out.
[[nodiscard]] link_verdict judge_link(const page_link& link, const page_base& base);

}  // namespace pofetch::sources
