#pragma once

#include "core/name_allocator.hpp"
#include "pipeline/outcome.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace pofetch::pipeline {

/// Gives every attachment of a PO its final name within the PO's folder: names of earlier runs stay;
/// the others get theirs in the order of the source, never one that is in `present` (the folder as it is
/// on disk) or that another attachment holds, compared with case folded. Attachments that failed or
/// are pending hold a name too, so that a later run names things as an undisturbed run would have. No name of
/// a file has more bytes than `longest`.
void choose_names(finished_po& po, const std::vector<std::string>& present, std::size_t longest);

/// A file wants this name. `place`: that of its record in the PO.
struct name_wish {
  std::size_t place = 0;
  std::string name;
};

/// Gives the names of one PO file by file: asked in the order of the source, it gives what `choose_names`
/// gives for all at once. The one difference: a name of an earlier run stays reserved until its own file is
/// asked for. One thread at a time.
class name_giver {
 public:
  /// `parts` beside `records`, before anything of the PO is placed.
  name_giver(const std::vector<attachment_record>& records, const std::vector<commit_part>& parts);

  /// The name of the last of these, after all others have got theirs. One that comes again keeps its name, if
  /// its wish is the same. The folder is listed with the first call. Blocks. Failures: those of
  /// `store::list`.
  [[nodiscard]] result<std::string> give(store& files, const std::string& folder,
                                         const std::vector<name_wish>& wishes);

 private:
  struct held_name {
    std::string name;
    bool is_own = false;  ///< its file is there, and is replaced
  };
  struct given_name {
    std::string wanted;
    std::string name;
  };

  [[nodiscard]] result<void> open(store& files, const std::string& folder);
  [[nodiscard]] std::string choose(const name_wish& wish);

  std::vector<held_name> held_;
  std::unordered_map<std::size_t, given_name> given_;
  std::set<std::string> on_disk_;  ///< case folded
  std::size_t longest_ = 0;
  std::optional<core::name_allocator> names_;
};

}  // namespace pofetch::pipeline
