#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <sys/types.h>

namespace pofetch::fault {

/// What would be on stable storage after a power cut, by the rule that POSIX gives: the content of a file as
/// of its last sync, the entries of a folder as of its last sync. Kept as files in a folder of its own, so
/// that it outlives the process that is killed: ID.data the content, ID.list a line an entry, `ids` which
/// inode is which ID (the number of an inode is used again, an ID is not).
class durable_shadow {
 public:
  /// Goes on with what is in `store`; if nothing is there, all that is beneath `root` counts as stable.
  durable_shadow(std::filesystem::path root, std::filesystem::path store);

  /// A new file or folder: nothing of it is stable.
  void created(const std::string& path);
  /// A sync of this file or folder was done. After `sync_failed` a file stays as it was: the system drops
  /// what it could not write, and a second sync says that all is well.
  void synced(const std::string& path);
  void all_synced();
  void sync_failed(const std::string& path);
  void all_failed();

 private:
  std::uint64_t id_of(const std::string& path);
  std::uint64_t new_id(const std::string& path);
  void keep_folder(const std::string& path, std::uint64_t id);

  std::filesystem::path root_;
  std::filesystem::path store_;
  std::map<ino_t, std::uint64_t> ids_;
  std::map<std::uint64_t, bool> lost_;
  std::uint64_t next_ = 1;
};

/// How a power cut leaves the folder.
enum class cut {
  strict,  ///< only what was synced is there
  mixed,   ///< of what was not synced some is there: entries, and pages of files, by chance
};

/// Makes `root` what the power cut leaves of it. Needs the folder as the killed process left it.
void after_power_cut(const std::filesystem::path& root, const std::filesystem::path& store, cut how,
                     std::mt19937& random);

}  // namespace pofetch::fault
