#include "ledger/folder_names.hpp"

#include "core/file_name.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

namespace pofetch::sqlite {
namespace {

result<bool> is_owned(database& db, std::string_view folder, std::int64_t own_id) {
  const std::string key = folder_key(folder);
  auto owner = db.query(
      "SELECT 1 FROM purchase_orders WHERE folder_key = ?1 AND id <> ?2 "
      "UNION ALL SELECT 1 FROM folder_moves WHERE folder_key = ?1 AND po_id <> ?2");
  if (!owner) return owner.error();
  owner->bind_all(std::string_view(key), own_id);
  return owner->step();
}

/// The levels above the last one, with the slash.
std::string_view above(std::string_view folder) {
  const std::size_t slash = folder.rfind('/');
  return folder.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
}

/// The folder with something behind its last level, which is cut so that both and `spare` bytes fit.
std::string with_suffix(std::string_view folder, std::string_view suffix, std::size_t spare) {
  const std::string_view path = above(folder);
  const std::string_view last =
      core::cut_utf8(folder.substr(path.size()), core::max_name_bytes - suffix.size() - spare);
  return fmt::format("{}{}{}", path, last, suffix);
}

}  // namespace

std::string folder_key(std::string_view folder) { return core::fold_case(folder); }

std::string numbered_folder(std::string_view folder, std::size_t number) {
  return with_suffix(folder, fmt::format(" ({})", number), 0);
}

std::string folder_with_status(std::string_view folder, po_status status) {
  constexpr std::string_view largest = " (1000000)";
  return with_suffix(folder, fmt::format("_{}", to_string(status)), largest.size());
}

result<std::string> free_folder(database& db, std::string_view wanted, std::int64_t own_id,
                                const folder_question& is_taken) {
  const auto is_free = [&](const std::string& folder) -> result<bool> {
    auto taken = is_owned(db, folder, own_id);
    if (taken && !*taken && is_taken) taken = is_taken(folder);
    if (!taken) return taken;
    return !*taken;
  };
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

}  // namespace pofetch::sqlite
