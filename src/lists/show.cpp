#include "lists/show.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/unicode.hpp"

#include <algorithm>

namespace pofetch::lists {
namespace {

constexpr std::size_t bytes_shown = 80;
/// More than this of a hostile cell is not even looked at.
constexpr std::size_t bytes_masked = 4096;

}  // namespace

std::string show(std::string_view text) {
  text = core::trim(text);
  const std::string masked = core::mask_secrets_in_text(core::cut_utf8(text, bytes_masked));
  const std::string_view cut = core::cut_utf8(masked, bytes_shown);
  std::string shown = "'";
  for (const char c : cut) shown.push_back(core::is_control(c) ? ' ' : c);
  if (cut.size() < masked.size() || text.size() > bytes_masked) shown += "...";
  shown.push_back('\'');
  return shown;
}

}  // namespace pofetch::lists
