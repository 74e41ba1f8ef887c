// Whatever call of the system fails, in whatever way: storage tells it or does without, and harms nothing.
#include "failing_calls.hpp"

#include "scenarios.hpp"
#include "store_fixture.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <unistd.h>
#include <vector>

using namespace pofetch;
using namespace pofetch::test;
using storage::file_store;
namespace fs = std::filesystem;

namespace {

const std::string mine = "mine";

/// A folder with files of the user's own and remains of an earlier run.
void plant(const fs::path& out) {
  const fs::path partial = out / ".pofetch/partial";
  fs::create_directories(partial);
  write_file(out / "mine.txt", mine);
  write_file(partial / "mine.part", mine);
  for (const char* remains : {"0123456789abcdef-0.part", "0123456789abcdef-1.note"})
    write_file(partial / remains, "of an earlier run");
}

/// Nothing torn has a name, and what is the user's own is as it was.
void check_harmless(const fs::path& out, bool planted) {
  std::size_t own = 0;
  for (auto it = fs::recursive_directory_iterator(out); it != fs::recursive_directory_iterator(); ++it) {
    // pofetch's own: also what the probe could not remove.
    if (it->path().filename().string().starts_with(".pofetch")) it.disable_recursion_pending();
    if (!it->is_regular_file()) continue;
    const std::string text = read_file(it->path());
    if (it->path() == out / "mine.txt") ++own;
    CHECK((text == one || text == two || (it->path() == out / "mine.txt" && text == mine)));
  }
  CHECK(own == (planted ? 1 : 0));
  if (planted) CHECK(read_file(out / ".pofetch/partial/mine.part") == mine);
}

/// In memory where that can be had: disks make thousands of small files wait.
fs::path quick_folder() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK | X_OK) == 0 ? memory : fs::temp_directory_path();
}

std::size_t open_files() {
  const auto all = fs::directory_iterator("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(all, fs::directory_iterator()));
}

enum class outcome { good, bad, either };

bool is_one_of(std::string_view name, const std::set<std::string_view>& names) {
  return names.count(name) != 0;
}

outcome expected(std::string_view name, int error) {
  if (error == only_half) return outcome::good;
  if (error == EINTR &&
      is_one_of(name, {"open", "openat", "openat2", "read", "write", "pread", "pwrite", "fsync", "fdatasync",
                       "syncfs", "ftruncate", "fcntl", "getrandom", "statvfs"}))
    return outcome::good;
  if (name == "gethostname" || name == "sync_file_range" || (name == "fsync" && error == EINVAL))
    return outcome::good;
  if (name == "openat2" && (error == ENOSYS || error == EPERM || error == EAGAIN)) return outcome::good;
  if (name == "renameat2" && (error == EINVAL || error == ENOSYS)) return outcome::good;
  if (is_one_of(name, {"write", "pwrite", "fsync", "fdatasync", "syncfs", "getrandom", "statvfs"}))
    return outcome::bad;
  return outcome::either;
}

void check_told(const failure& why, std::string_view name) {
  CAPTURE(why.message);
  CHECK(why.code != errc::internal);
  CHECK(why.message.ends_with("."));
  const auto speaks_of = [&](const char* what) { return why.message.find(what) != std::string::npos; };
  CHECK((speaks_of("'") || speaks_of("older") || speaks_of("ile") || name == "getrandom"));
}

/// One call fails; afterwards the same folder serves a run in which none does. `names`: the calls of the
/// first.
void strike(const scenario& it, const fs::path& within, std::size_t at, int error,
            std::vector<std::string_view>& names, const failing_calls::lacking& system) {
  const fs::path out = within / "new/out";
  if (it.planted) plant(out);
  const std::size_t before = open_files();
  for (const stage& turn : {stage{out, "7", false}, stage{out, "8", true}}) {
    std::optional<failure> failed;
    {
      failing_calls calls(turn.calm ? 0 : at, error, system);
      failed = play(it, turn);
      if (!turn.calm) names = calls.made();
    }
    const std::string_view name = at == 0 || at > names.size() ? "" : names[at - 1];
    CAPTURE(it.name);
    CAPTURE(at);
    CAPTURE(error);
    CAPTURE(name);
    CAPTURE(turn.calm);
    CHECK(open_files() == before);
    if (failed) check_told(*failed, name);
    const outcome wanted = turn.calm || name.empty() ? outcome::good : expected(name, error);
    if (wanted != outcome::either) CHECK(failed.has_value() == (wanted == outcome::bad));
    if (!failed) it.check(turn);
    if (fs::exists(out)) check_harmless(out, it.planted);
    // What went well leaves nothing that a second run could stumble on.
    if (at != 0 && wanted == outcome::good) break;
  }
  fs::remove_all(within / "new");
}

/// What the call is made to answer besides an error of the disk: all that storage has an ear for.
std::vector<int> answers_of(std::string_view name) {
  if (name == "openat2") return {EINTR, ENOENT, ENOSYS, EPERM, EAGAIN};
  if (name == "open" || name == "openat") return {EINTR, ENOENT};
  if (name == "renameat2") return {ENOENT, EINVAL, ENOSYS, EEXIST};
  if (name == "linkat") return {ENOENT, EPERM, EMLINK};
  if (is_one_of(name, {"mkdir", "mkdirat", "mkdtemp"})) return {ENOSPC, EEXIST};
  if (is_one_of(name, {"read", "write", "pread", "pwrite"})) return {EINTR, ENOSPC, only_half};
  if (is_one_of(name, {"fsync", "fdatasync", "syncfs"})) return {EINTR, ENOSPC, EINVAL};
  if (is_one_of(name, {"ftruncate", "fcntl", "getrandom", "statvfs"})) return {EINTR, EAGAIN};
  return {ENOENT};
}

/// Every call fails in its turn; on a system that lacks some, only with an error of the disk.
void walk(const scenario& it, const failing_calls::lacking& system = {}) {
  const temp_dir dir(quick_folder());
  std::vector<std::string_view> names;
  strike(it, dir.path(), 0, 0, names, system);
  CHECK(names.size() > 20);
  for (std::size_t at = 1;; ++at) {
    strike(it, dir.path(), at, EIO, names, system);
    if (names.size() < at) break;
    if (!system.empty()) continue;
    for (const int error : answers_of(names[at - 1])) strike(it, dir.path(), at, error, names, system);
  }
}

}  // namespace

TEST_CASE("failing calls: whichever fails, storage tells it or does without, and harms nothing") {
  for (const scenario& each : scenarios()) walk(each);
}

TEST_CASE("failing calls: on systems that lack some, everything works") {
  const struct {
    const char* what;
    failing_calls::lacking lacking;
    bool links;
  } rows[] = {
      {"a kernel without openat2", {{"openat2", ENOSYS}}, true},
      {"a sandbox that forbids openat2", {{"openat2", EPERM}}, true},
      {"folders that cannot be synced", {{"fsync", EINVAL}}, true},
      {"no rename that replaces nothing", {{"renameat2", EINVAL}}, true},
      {"no hard links either", {{"renameat2", EINVAL}, {"linkat", EPERM}}, false},
      {"no hard links either, told otherwise", {{"renameat2", ENOSYS}, {"linkat", EOPNOTSUPP}}, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const temp_dir dir(quick_folder());
    std::vector<std::string_view> names;
    for (const scenario& each : scenarios())
      if (row.links || &each != &scenarios()[linked_copies])
        strike(each, dir.path(), 0, 0, names, row.lacking);
  }
  walk(scenarios()[a_batch_of_files], {{"openat2", ENOSYS}, {"renameat2", EINVAL}});
  walk(scenarios()[a_batch_of_files], {{"openat2", EPERM}, {"renameat2", ENOSYS}, {"linkat", EPERM}});
}

TEST_CASE("failing calls: what goes on failing, is told") {
  const struct {
    which of;
    failing_calls::lacking lacking;
    errc code;
    const char* says;
  } rows[] = {
      {a_batch_of_files, {{"openat2", EAGAIN}}, errc::disk, "'.pofetch' cannot be opened"},
      {a_batch_of_files, {{"renameat2", EEXIST}}, errc::exists, "'Acme/7/a.txt' is taken"},
      {a_batch_of_files, {{"renameat2", EXDEV}}, errc::disk, "another file system"},
      {a_batch_of_files, {{"pwrite", EDQUOT}}, errc::disk_full, "'.pofetch/lock' cannot be written"},
      {a_batch_of_files, {{"openat", EMFILE}}, errc::disk, "lower workers"},
      {a_batch_of_files, {{"mkdir", EROFS}}, errc::permission, "cannot be made"},
      {a_batch_of_files, {{"fcntl", EACCES}}, errc::locked, "Another run works"},
      {a_batch_of_files, {{"fstat", EIO}}, errc::disk, "'.pofetch/lock' cannot be looked at"},
      {linked_copies, {{"linkat", EPERM}}, errc::permission, "cannot become a hard link"},
      {folder_probe, {{"statvfs", ENOSYS}}, errc::disk, "how much room"},
      {folder_probe, {{"stat", EIO}}, errc::disk, "cannot be looked at"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.lacking.begin()->first);
    const temp_dir dir(quick_folder());
    const failing_calls calls(0, 0, row.lacking);
    const auto failed = play(scenarios()[row.of], {dir / "out", "7", true});
    REQUIRE(failed);
    CHECK(failed->code == row.code);
    CHECK_MESSAGE(failed->message.find(row.says) != std::string::npos, failed->message);
    check_told(*failed, row.lacking.begin()->first);
  }
}

TEST_CASE("large body: begins to go to the disk while it comes, unless nothing is to be synced") {
  const std::vector<std::byte> megabyte(1U << 20U);
  for (const durability how : {durability::file, durability::batch, durability::none}) {
    CAPTURE(static_cast<int>(how));
    const temp_dir dir(quick_folder());
    const auto store = must(file_store::open(dir / "out", how, true));
    const auto body = must(store->create());
    // That it cannot begin is not told: the sync that counts will.
    const failing_calls calls(0, 0, {{"sync_file_range", EIO}});
    for (int i = 0; i < 20; ++i) must(body->append(megabyte));
    const auto begun = std::count(calls.made().begin(), calls.made().end(), "sync_file_range");
    CHECK(begun == (how == durability::none ? 0 : 2));
  }
}
