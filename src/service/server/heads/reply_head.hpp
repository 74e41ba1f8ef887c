#pragma once

#include "service/server/exchange.hpp"

#include <string>
#include <string_view>

namespace pofetch::service {

/// Head and body of an answer, without a body that is streamed. Fields that every answer has are added;
/// values are cleaned of line breaks.
[[nodiscard]] std::string reply_text(const request& asked, const reply& what, bool keep, bool chunked);

[[nodiscard]] std::string as_chunk(std::string_view bytes);

}  // namespace pofetch::service
