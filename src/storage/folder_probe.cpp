#include "storage/folder_probe.hpp"

#include "core/encoding.hpp"
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "os/unique_fd.hpp"
#include "storage/file_store.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/statvfs.h>
#include <system_error>
#include <utility>

namespace pofetch::storage {

namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

constexpr std::string_view folder = "probe";
constexpr std::string_view name = "Probe.txt";
constexpr std::string_view other_case = "pROBE.TXT";
constexpr std::size_t longest_name = 255;

/// A folder that goes with the object.
class own_folder {
 public:
  static result<own_folder> make(const fs::path& within) {
    std::string path = (within / ".pofetch-doctor-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr)
      return os::failure_of(errno, fmt::format("no folder can be made in '{}'", within.string()));
    return own_folder(std::move(path));
  }
  ~own_folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  own_folder(own_folder&& other) noexcept : path_(std::exchange(other.path_, fs::path())) {}
  own_folder& operator=(own_folder&&) = delete;

  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  explicit own_folder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

/// The folder, or the nearest one above it that is there.
result<fs::path> standing_folder(const fs::path& dir) {
  std::error_code problem;
  fs::path at = fs::absolute(dir, problem);
  while (!fs::exists(fs::symlink_status(at, problem)) && at.has_parent_path() && at != at.parent_path())
    at = at.parent_path();
  const fs::file_type kind = fs::status(at, problem).type();
  if (kind == fs::file_type::directory) return at;
  if (kind == fs::file_type::none)
    return os::failure_of(problem.value(), fmt::format("'{}' cannot be looked at", at.string()));
  return make_failure(errc::config, fmt::format("'{}' is no folder.", at.string()));
}

result<void> measure_room(folder_facts& facts) {
  struct statvfs room {};
  if (os::uninterrupted([&] { return ::statvfs(facts.where.c_str(), &room); }) != 0)
    return os::failure_of(errno,
                          fmt::format("'{}' does not tell how much room there is", facts.where.string()));
  facts.free_bytes = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
  if (room.f_files != 0) facts.free_files = room.f_favail;
  return {};
}

bool can_have(const fs::path& file) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  const os::unique_fd made(os::uninterrupted([&] { return ::open(file.c_str(), flags, 0600); }));
  return static_cast<bool>(made);
}

/// One file on the way that every attachment goes.
result<void> place_one(store& files, folder_facts& facts) {
  auto body = files.create();
  if (!body) return body.error();
  std::array<std::byte, 65'536> bytes{};
  bytes.fill(std::byte{'p'});
  auto done = (*body)->require(digest_algorithm::sha256);
  if (done) done = (*body)->append(bytes);
  if (!done) return done;
  const std::string digest = (*body)->digest(digest_algorithm::sha256);
  const auto start = steady::now();
  partial_file* const one = body->get();
  done = files.sync({&one, 1});
  if (!done) return done;
  auto placed = files.place(**body, folder, name, placement::fresh);
  if (!placed) return placed.error();
  done = files.sync({});
  if (!done) return done;
  facts.syncing = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - start);
  auto read = files.sha256(folder, name, {});
  if (!read) return read.error();
  if (*read == core::to_hex(digest)) return {};
  return make_failure(errc::disk, "What is read back from a new file is not what was written.");
}

}  // namespace

result<folder_facts> probe_folder(const fs::path& dir) {
  auto standing = standing_folder(dir);
  if (!standing) return standing.error();
  folder_facts facts;
  facts.where = std::move(*standing);
  if (auto measured = measure_room(facts); !measured) return measured.error();
  auto own = own_folder::make(facts.where);
  if (!own) return own.error();
  auto files = file_store::open(own->path(), durability::file, true);
  if (!files) return files.error();
  auto done = (*files)->lock();
  if (done) done = place_one(**files, facts);
  if (!done) return done.error();
  facts.tells_case = !(*files)->stat(folder, other_case).has_value();
  facts.long_names = can_have(own->path() / std::string(longest_name, 'n'));
  return facts;
}

}  // namespace pofetch::storage
