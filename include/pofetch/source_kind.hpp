#pragma once

#include <string_view>

namespace pofetch {

/// Where attachments are looked up.
enum class source_kind {
  automatic,  ///< manifest if the list has a `url` column, else web
  web,        ///< the pages of Coupa, with a browser's session
  manifest,   ///< the list itself
  api,        ///< Coupa's REST API
  own,        ///< a source of the caller's: `instance_options::own_source`
};

[[nodiscard]] std::string_view to_string(source_kind kind) noexcept;

}  // namespace pofetch
