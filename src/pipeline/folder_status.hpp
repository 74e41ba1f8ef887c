#pragma once

#include <pofetch/error.hpp>
#include <pofetch/folder_journal.hpp>
#include <pofetch/store.hpp>

#include <cstdint>
#include <functional>
#include <optional>

namespace pofetch::pipeline {

struct named_folders {
  std::uint64_t renamed = 0;
  std::uint64_t hindered = 0;  ///< keep the name that they had
  std::optional<failure> first_problem{};
};

/// Gives the folders of the present list the names that they should have: with the status of their PO behind
/// or without it. The ledger knows both names before a folder gets the new one, and says that it has it only
/// after that is on stable storage; a kill in between is put right by `settle_moves`. A folder that is not
/// there any more only gets its name in the ledger. `stopped` is asked before every group of them. Failures:
/// those of the ledger, of `is_taken` and of `store::sync`. A store without folders is left as it is.
[[nodiscard]] result<named_folders> name_folders(folder_journal& records, store& files, bool with_status,
                                                 const std::function<bool()>& stopped);

/// Ends the moves that a killed run left open, by where the files of the PO are. Reads only the disk.
/// Failures: those of the ledger and of `store::sync`.
[[nodiscard]] result<void> settle_moves(folder_journal& records, store& files);

}  // namespace pofetch::pipeline
