#include "settings/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace pofetch::settings {

namespace {

/// Edits between two words (optimal string alignment: insert, delete, replace, swap of neighbours).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

std::string_view only_beginning(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    if (word.empty() || !candidate.starts_with(word)) continue;
    if (!found.empty()) return {};
    found = candidate;
  }
  return found;
}

}  // namespace

std::string_view closest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 64;
  if (word.size() > longest) return {};
  std::size_t best = word.size() < 4 ? 1 : 2;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = distance(word, candidate);
    if (edits > best || (edits == best && !found.empty())) continue;
    best = edits;
    found = candidate;
  }
  return found.empty() ? only_beginning(word, candidates) : found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                         std::string_view prefix) {
  const std::string_view meant = closest(word, candidates);
  return meant.empty() ? std::string{} : fmt::format(" (did you mean {}{}?)", prefix, meant);
}

}  // namespace pofetch::settings
