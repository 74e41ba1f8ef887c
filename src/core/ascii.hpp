#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::core {

// Characters as protocols see them: independent of any locale.

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool is_alnum(char c) noexcept { return is_digit(c) || is_alpha(c); }
/// Space, tab, CR, LF, VT, FF.
[[nodiscard]] constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
/// C0 controls and DEL.
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}
[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
}
/// 0 to 15, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool istarts_with(std::string_view text, std::string_view prefix) noexcept;
/// Position of `what` in `text` from `from` on, in any case; npos if it is not there.
[[nodiscard]] std::size_t ifind(std::string_view text, std::string_view what, std::size_t from = 0) noexcept;

[[nodiscard]] constexpr bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
}

template <std::size_t N>
[[nodiscard]] constexpr bool is_one_of(std::string_view word,
                                       const std::array<std::string_view, N>& words) noexcept {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Is one of the words somewhere in the text?
template <std::size_t N>
[[nodiscard]] constexpr bool holds_one_of(std::string_view text,
                                          const std::array<std::string_view, N>& words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// Is one of these few characters in the text?
[[nodiscard]] constexpr bool has_one_of(std::string_view text, std::string_view characters) noexcept {
  for (const char c : text)
    for (const char each : characters)
      if (c == each) return true;
  return false;
}

[[nodiscard]] constexpr bool has_digit(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), is_digit);
}

/// Without `is_space` characters at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// The pieces of a text between separators, cut off one by one as they are asked for.
class pieces {
 public:
  class iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    using pointer = const std::string_view*;
    using reference = const std::string_view&;

    constexpr iterator() = default;
    constexpr iterator(std::string_view rest, char separator) noexcept
        : rest_(rest), separator_(separator), more_(true) {
      cut();
    }
    constexpr reference operator*() const noexcept { return piece_; }
    constexpr pointer operator->() const noexcept { return &piece_; }
    constexpr iterator& operator++() noexcept {
      more_ = piece_.size() < rest_.size();
      if (!more_) return *this;
      rest_.remove_prefix(piece_.size() + 1);
      cut();
      return *this;
    }
    constexpr iterator operator++(int) noexcept {
      const iterator before = *this;
      ++*this;
      return before;
    }
    /// Only to be compared with the end.
    constexpr bool operator==(const iterator& other) const noexcept { return more_ == other.more_; }

   private:
    constexpr void cut() noexcept { piece_ = rest_.substr(0, rest_.find(separator_)); }

    std::string_view rest_;  ///< from the present piece on
    std::string_view piece_;
    char separator_ = 0;
    bool more_ = false;
  };

  constexpr pieces(std::string_view text, char separator) noexcept : text_(text), separator_(separator) {}
  [[nodiscard]] constexpr iterator begin() const noexcept { return {text_, separator_}; }
  [[nodiscard]] constexpr iterator end() const noexcept { return {}; }
  [[nodiscard]] std::vector<std::string_view> list() const { return {begin(), end()}; }

 private:
  std::string_view text_;
  char separator_;
};

/// Pieces between the separators, empty ones included, untrimmed; at least one.
[[nodiscard]] constexpr pieces split(std::string_view text, char separator) noexcept {
  return {text, separator};
}

/// Digits alone, within 64 bits. Nothing otherwise: no sign, no space.
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view digits) noexcept;

}  // namespace pofetch::core
