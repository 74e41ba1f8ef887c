#include "core/setting_text.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace pofetch::core {
namespace {

std::string as_member(std::string_view name, std::string_view) {
  std::string made(name);
  std::replace(made.begin(), made.end(), '-', '_');
  return made;
}

std::atomic<setting_speller> chosen{&as_member};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// The longest beginning of which every character is good.
template <class Good>
std::string_view beginning(std::string_view text, Good good) {
  return text.substr(
      0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), good) - text.begin()));
}

}  // namespace

void spell_settings(setting_speller how) noexcept { chosen = how == nullptr ? &as_member : how; }

std::string setting_name(std::string_view name, std::string_view value) { return chosen.load()(name, value); }

std::string spelled(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const std::size_t mark = text.find('@');
    made += text.substr(0, mark);
    if (mark == std::string_view::npos) break;
    const bool alone = mark == 0 || !is_alnum(text[mark - 1]);
    text.remove_prefix(mark + 1);
    const std::string_view name =
        beginning(text, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
    if (!alone || name.empty() || is_digit(name.front())) {
      made += '@';
      continue;
    }
    text.remove_prefix(name.size());
    std::string_view value;
    if (text.size() > 1 && text[0] == '=' && is_upper(text[1])) {
      value = beginning(text.substr(1), is_upper);
      text.remove_prefix(1 + value.size());
    }
    made += setting_name(name, value);
  }
  return made;
}

}  // namespace pofetch::core
