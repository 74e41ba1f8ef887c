#include "core/quote.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/unicode.hpp"

namespace pofetch::core {

std::string quote_for_message(std::string_view text, std::size_t most) {
  constexpr std::size_t looked_at = 4096;
  const std::string readable = to_utf8(text.substr(0, looked_at));
  std::string clean;
  bool space = false;
  for (const char c : readable) {
    if (is_space(c)) {
      space = true;
    } else if (!is_control(c)) {
      if (space && !clean.empty()) clean += ' ';
      space = false;
      clean += c;
    }
  }
  return mask_secrets_in_text(cut_utf8(clean, most));
}

}  // namespace pofetch::core
