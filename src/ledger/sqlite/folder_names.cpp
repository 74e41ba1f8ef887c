#include "ledger/sqlite/folder_names.hpp"

#include "core/folder_name.hpp"

namespace pofetch::sqlite {

result<bool> is_folder_owned(database& db, std::string_view folder, std::int64_t own_id) {
  const std::string key = core::folder_key(folder);
  auto owner = db.query(
      "SELECT 1 FROM purchase_orders WHERE folder_key = ?1 AND id <> ?2 "
      "UNION ALL SELECT 1 FROM folder_moves WHERE folder_key = ?1 AND po_id <> ?2");
  if (!owner) return owner.error();
  owner->bind_all(std::string_view(key), own_id);
  return owner->step();
}

result<std::string> free_folder(database& db, std::string_view wanted, std::int64_t own_id) {
  return core::first_free_folder(wanted, [&db, own_id](const std::string& folder) -> result<bool> {
    const auto owned = is_folder_owned(db, folder, own_id);
    if (!owned) return owned;
    return !*owned;
  });
}

}  // namespace pofetch::sqlite
