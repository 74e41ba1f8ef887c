#include "ledger/folder_names.hpp"

#include "core/file_name.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

namespace pofetch::sqlite {
namespace {

result<bool> is_free(database& db, std::string_view folder, std::int64_t own_id) {
  const std::string key = folder_key(folder);
  auto owner = db.query("SELECT 1 FROM purchase_orders WHERE folder_key = ? AND id <> ?");
  if (!owner) return owner.error();
  owner->bind_all(std::string_view(key), own_id);
  const auto taken = owner->step();
  if (!taken) return taken.error();
  return !*taken;
}

}  // namespace

std::string folder_key(std::string_view folder) { return core::fold_case(folder); }

std::string numbered_folder(std::string_view folder, std::size_t number) {
  const std::string suffix = fmt::format(" ({})", number);
  const std::size_t slash = folder.rfind('/');
  const std::size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view last = core::cut_utf8(folder.substr(start), core::max_name_bytes - suffix.size());
  return fmt::format("{}{}{}", folder.substr(0, start), last, suffix);
}

result<std::string> free_folder(database& db, std::string_view wanted, std::int64_t own_id) {
  auto free = is_free(db, wanted, own_id);
  if (!free) return free.error();
  if (*free) return std::string(wanted);
  // A hostile list may want one folder a million times: double the number until it is free, then halve
  // the gap. Where numbers are given in order, that finds the first free one.
  std::size_t taken = 1;
  std::size_t candidate = 2;
  for (;; taken = candidate, candidate *= 2) {
    free = is_free(db, numbered_folder(wanted, candidate), own_id);
    if (!free) return free.error();
    if (*free) break;
  }
  while (candidate - taken > 1) {
    const std::size_t middle = taken + (candidate - taken) / 2;
    free = is_free(db, numbered_folder(wanted, middle), own_id);
    if (!free) return free.error();
    (*free ? candidate : taken) = middle;
  }
  return numbered_folder(wanted, candidate);
}

}  // namespace pofetch::sqlite
