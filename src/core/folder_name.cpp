#include "core/folder_name.hpp"

#include "core/file_name.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

namespace pofetch::core {
namespace {

/// The levels above the last one, with the slash.
std::string_view above(std::string_view folder) {
  const std::size_t slash = folder.rfind('/');
  return folder.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
}

/// The folder with something behind its last level, which is cut so that both and `spare` bytes fit.
std::string with_suffix(std::string_view folder, std::string_view suffix, std::size_t spare) {
  const std::string_view path = above(folder);
  const std::string_view last = cut_utf8(folder.substr(path.size()), max_name_bytes - suffix.size() - spare);
  return fmt::format("{}{}{}", path, last, suffix);
}

}  // namespace

std::string folder_key(std::string_view folder) { return fold_case(folder); }

std::string numbered_folder(std::string_view folder, std::size_t number) {
  return with_suffix(folder, fmt::format(" ({})", number), 0);
}

std::string folder_with_status(std::string_view folder, po_status status) {
  constexpr std::string_view largest = " (1000000)";
  return with_suffix(folder, fmt::format("_{}", to_string(status)), largest.size());
}

result<std::string> first_free_folder(std::string_view wanted,
                                      const std::function<result<bool>(const std::string& folder)>& is_free) {
  auto free = is_free(std::string(wanted));
  if (!free) return free.error();
  if (*free) return std::string(wanted);
  // A hostile list may want one folder a million times: double the number until it is free, then halve
  // the gap. Where numbers are given in order, that finds the first free one.
  std::size_t taken = 1;
  std::size_t candidate = 2;
  for (;; taken = candidate, candidate *= 2) {
    free = is_free(numbered_folder(wanted, candidate));
    if (!free) return free.error();
    if (*free) break;
  }
  while (candidate - taken > 1) {
    const std::size_t middle = taken + (candidate - taken) / 2;
    free = is_free(numbered_folder(wanted, middle));
    if (!free) return free.error();
    (*free ? candidate : taken) = middle;
  }
  return numbered_folder(wanted, candidate);
}

}  // namespace pofetch::core
