#include "core/idn.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <idn2.h>
#include <memory>

namespace pofetch::core {

std::string ascii_host(std::string_view host) {
  constexpr std::size_t longest = 1024;
  const bool plain =
      std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (plain) return to_lower(host);
  if (host.size() > longest || !is_utf8(host)) return {};
  const std::string text(host);
  char* made = nullptr;
  // As browsers do: without the transitional forms, and with `_`, which host names in use have.
  const int flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT;
  const int outcome = ::idn2_to_ascii_8z(text.c_str(), &made, flags);
  const std::unique_ptr<char, decltype(&::idn2_free)> owner(made, &::idn2_free);
  return outcome == IDN2_OK && made != nullptr ? to_lower(made) : std::string();
}

}  // namespace pofetch::core
