#include "core/glob.hpp"

#include "core/unicode.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace pofetch::core {
namespace {

using text = std::vector<std::uint32_t>;

text code_points(std::string_view utf8) {
  text points;
  const std::string folded = fold_case(utf8);
  for (std::string_view rest = folded; !rest.empty();) points.push_back(next_code_point(rest));
  return points;
}

struct set_match {
  bool holds = false;
  std::size_t end = 0;  ///< position behind the set
};

/// The set that begins at `at` (a `[`). Nothing if it is not closed. A `]` right at its beginning is a
/// member.
std::optional<set_match> match_set(const text& pattern, std::size_t at, std::uint32_t c) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false;
  for (const std::size_t first = i; i < pattern.size(); ++i) {
    if (pattern[i] == ']' && i > first) return set_match{found != negated, i + 1};
    const bool range = i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']';
    const std::uint32_t last = range ? pattern[i + 2] : pattern[i];
    found = found || (c >= pattern[i] && c <= last);
    if (range) i += 2;
  }
  return std::nullopt;
}

/// Position in the pattern behind what matches this one character; nothing if it does not match.
std::optional<std::size_t> match_one(const text& pattern, std::size_t at, std::uint32_t c) {
  if (at >= pattern.size()) return std::nullopt;
  if (pattern[at] == '?') return at + 1;
  if (pattern[at] == '[') {
    const auto set = match_set(pattern, at, c);
    if (set) return set->holds ? std::optional(set->end) : std::nullopt;
  }
  return pattern[at] == c ? std::optional(at + 1) : std::nullopt;
}

}  // namespace

bool glob_match(std::string_view pattern_text, std::string_view name_text) {
  const text pattern = code_points(pattern_text);
  const text name = code_points(name_text);
  std::size_t p = 0;
  std::size_t n = 0;
  // Only the last star can have to give way, so there is no more to remember than it.
  std::optional<std::size_t> behind_star;
  std::size_t star_end = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      behind_star = ++p;
      star_end = n;
    } else if (const auto next = match_one(pattern, p, name[n])) {
      p = *next;
      ++n;
    } else if (behind_star) {
      p = *behind_star;
      n = ++star_end;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace pofetch::core
