#include "storage/file_store.hpp"

#include "core/encoding.hpp"
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "storage/bodies/hasher.hpp"
#include "storage/bodies/part_file.hpp"
#include "storage/names_in.hpp"
#include "storage/placing.hpp"
#include "storage/safe_open.hpp"
#include "storage/safe_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <utility>

namespace pofetch::storage {
namespace {

/// Large enough that system calls do not count, small enough for the processor's cache.
constexpr std::size_t compare_size = 256U << 10U;

std::string shown_file(std::string_view folder, std::string_view name) {
  return shown(fmt::format("{}/{}", folder, name));
}

failure missing(std::string_view folder, std::string_view name, std::string_view why) {
  return make_failure(errc::not_found, fmt::format("The file {} {}.", shown_file(folder, name), why));
}

failure no_plain_file(std::string_view folder, std::string_view name) {
  return missing(folder, name, "is not there: something that is no plain file has its name");
}

file_facts facts_of(const struct stat& facts) {
  constexpr std::int64_t second = 1'000'000'000;
  return {static_cast<std::uint64_t>(facts.st_size),
          static_cast<std::int64_t>(facts.st_mtim.tv_sec) * second + facts.st_mtim.tv_nsec};
}

/// A plain file of that size and time, not a link to one?
bool is_as_recorded(const place_in& place, const file_facts& recorded, struct stat& found) {
  if (::fstatat(place.folder, place.name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return false;
  const file_facts facts = facts_of(found);
  return S_ISREG(found.st_mode) && facts.size == recorded.size && facts.mtime_ns == recorded.mtime_ns;
}

result<std::string> digest_file(int file, const std::string& what, const std::function<bool()>& stopped) {
  auto digest = hasher::make(digest_algorithm::sha256);
  if (!digest) return digest.error();
  static_cast<void>(::posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL));
  std::vector<std::byte> buffer(compare_size);
  for (;;) {
    if (stopped && stopped())
      return make_failure(errc::cancelled, fmt::format("stopped while the file {} was read", what));
    const ssize_t count = os::uninterrupted([&] { return ::read(file, buffer.data(), buffer.size()); });
    if (count < 0) return os::failure_of(errno, fmt::format("The file {} cannot be read", what));
    if (count == 0) return core::to_hex(digest->digest());
    auto added = digest->update(std::span(buffer).first(static_cast<std::size_t>(count)));
    if (!added) return added.error();
  }
}

}  // namespace

file_store::file_store(output_root root, std::shared_ptr<partial_area> partials, durability how)
    : root_(std::move(root)), partials_(std::move(partials)), syncing_(root_.handle(), how) {}

file_store::~file_store() = default;

failure file_store::only_reads() {
  return make_failure(errc::permission, "The output folder was opened for reading only.");
}

result<std::unique_ptr<file_store>> file_store::open(const std::filesystem::path& dir, durability how,
                                                     bool create) {
  auto root = output_root::open(dir, create);
  if (!root) return root.error();
  std::shared_ptr<partial_area> partials;
  if (create) {
    auto area = partial_area::open(root->private_handle());
    if (!area) return area.error();
    partials = std::make_shared<partial_area>(std::move(*area));
  }
  return std::unique_ptr<file_store>(new file_store(std::move(*root), std::move(partials), how));
}

result<std::unique_ptr<os::replacement_file>> file_store::replace(std::string name,
                                                                  std::filesystem::path shown) const {
  return os::replacement_file::create_in(root_.handle(), std::move(name), std::move(shown));
}

std::filesystem::path file_store::ledger_path() const { return path() / private_folder / "ledger.db"; }

result<std::optional<std::string>> file_store::holder() const {
  return run_lock::holder(root_.private_handle());
}

result<std::unique_ptr<partial_file>> file_store::create() {
  if (!partials_) return only_reads();
  auto part = part_file::create(partials_, syncing_.how() != durability::none, beside_);
  if (!part) return part.error();
  return std::unique_ptr<partial_file>(std::move(*part));
}

result<std::vector<std::string>> file_store::list(std::string_view folder) {
  const auto dir = root_.open_folder(folder);
  if (!dir && dir.error().code == errc::not_found) return std::vector<std::string>();
  if (!dir) return dir.error();
  return names_in(dir->get());
}

std::size_t file_store::most_bodies() const {
  constexpr std::size_t least = 16;
  constexpr std::size_t most = 2048;  // more gain nothing, and are lost with a kill
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return least;
  // While so many wait, as many are being placed; the rest is for bodies under way and connections.
  return static_cast<std::size_t>(std::clamp<rlim_t>(files.rlim_cur / 4, least, most));
}

result<void> file_store::sync(std::span<partial_file* const> bodies) {
  entered_.reset();
  if (lost_) return *lost_;
  std::vector<int> handles;
  handles.reserve(bodies.size());
  for (partial_file* body : bodies) {
    const auto* part = dynamic_cast<const part_file*>(body);
    if (part == nullptr) return make_failure(errc::internal, "A body of another store was to be synced.");
    handles.push_back(part->handle());
  }
  auto synced = sync_all(handles);
  if (!synced) {
    lost_ = synced.error();
    return synced;
  }
  settled_ = true;
  changed_.clear();
  return {};
}

result<void> file_store::sync_all(std::span<const int> handles) {
  if (syncing_.how() == durability::none) return {};
  if (!settled_ || syncing_.as_one(handles.size() + changed_.size())) {
    const int error = syncing_.file_system();
    if (error == 0) return {};
    return os::failure_of(error, "Files and folders cannot be brought to stable storage");
  }
  const int error = syncing_.files(handles);
  if (error != 0) return os::failure_of(error, "Files under way cannot be brought to stable storage");
  for (const std::string& folder : changed_) {
    if (auto synced = sync_folder(folder); !synced) return synced;
  }
  return {};
}

result<file_facts> file_store::place(partial_file& body, std::string_view folder, std::string_view name,
                                     placement how) {
  if (!partials_) return only_reads();
  auto* part = dynamic_cast<part_file*>(&body);
  if (part == nullptr || part->is_placed()) {
    return make_failure(errc::internal,
                        "A body that is not this store's, or in place already, was to be placed.");
  }
  if (auto checked = check_name(name); !checked) return checked.error();
  if (auto opened = enter(folder); !opened) return opened.error();
  // Asked before the move: after it nothing may fail.
  struct stat facts {};
  if (::fstat(part->handle(), &facts) != 0)
    return os::failure_of(errno, "A file under way cannot be looked at");
  const auto move = [&] {
    return move_into_place({part->area_handle(), part->name()}, {entered_.get(), std::string(name)}, how);
  };
  int error = move();
  if (error == ENOENT) {
    // Somebody removed the folder since the file before this one was placed.
    entered_.reset();
    if (auto opened = enter(folder); !opened) return opened.error();
    error = move();
  }
  if (error == EEXIST) {
    return make_failure(errc::exists,
                        fmt::format("The name {} is taken by something that is not this batch's; "
                                    "it was left as it is.",
                                    shown_file(folder, name)));
  }
  if (error != 0)
    return os::failure_of(error, fmt::format("{} cannot be put in place", shown_file(folder, name)));
  part->mark_placed();
  changed_.insert(std::string(folder));
  return facts_of(facts);
}

result<void> file_store::enter(std::string_view folder) {
  if (entered_ && entered_name_ == folder) return {};
  auto dir = root_.make_folder(folder, changed_);
  if (!dir) return dir.error();
  entered_ = std::move(*dir);
  entered_name_ = folder;
  return {};
}

result<void> file_store::sync_folder(const std::string& folder) const {
  os::unique_fd opened_now;
  if (!folder.empty()) {
    auto dir = root_.find_folder(folder);
    // Removed or replaced by somebody in the meantime: there is nothing left to keep.
    if (!dir && dir.error().code == errc::not_found) return {};
    if (!dir) return dir.error();
    opened_now = std::move(*dir);
  }
  const int error = syncing_.folder(folder.empty() ? root_.handle() : opened_now.get());
  if (error == 0) return {};
  return os::failure_of(error,
                        fmt::format("The folder {} cannot be brought to stable storage", shown(folder)));
}

/// Opened without waiting, should a FIFO stand there.
result<os::unique_fd> file_store::open_placed(std::string_view folder, std::string_view name) const {
  if (auto checked = check_name(name); !checked) return checked.error();
  const auto dir = root_.find_folder(folder);
  if (!dir) return dir.error();
  opened file = open_beneath(dir->get(), std::string(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  switch (file.error) {
    case 0:
      break;
    case ENOENT:
      return missing(folder, name, "is not there");
    case ELOOP:
    case ENXIO:
      return no_plain_file(folder, name);
    default:
      return os::failure_of(file.error,
                            fmt::format("The file {} cannot be opened", shown_file(folder, name)));
  }
  struct stat facts {};
  if (::fstat(file.fd.get(), &facts) != 0) {
    return os::failure_of(errno, fmt::format("The file {} cannot be looked at", shown_file(folder, name)));
  }
  if (!S_ISREG(facts.st_mode)) {
    return no_plain_file(folder, name);
  }
  return std::move(file.fd);
}

result<file_facts> file_store::stat(std::string_view folder, std::string_view name) {
  if (auto checked = check_name(name); !checked) return checked.error();
  const auto dir = root_.find_folder(folder);
  if (!dir) return dir.error();
  struct stat facts {};
  if (::fstatat(dir->get(), std::string(name).c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return missing(folder, name, "is not there");
    return os::failure_of(errno, fmt::format("The file {} cannot be looked at", shown_file(folder, name)));
  }
  if (!S_ISREG(facts.st_mode)) {
    return no_plain_file(folder, name);
  }
  return facts_of(facts);
}

result<std::string> file_store::sha256(std::string_view folder, std::string_view name,
                                       const std::function<bool()>& stopped) {
  const auto file = open_placed(folder, name);
  if (!file) return file.error();
  return digest_file(file->get(), shown_file(folder, name), stopped);
}

result<bool> file_store::link_copy(const placed_file& first, const placed_file& copy) {
  if (!partials_) return only_reads();
  for (const placed_file* each : {&first, &copy})
    if (auto checked = check_name(each->name); !checked) return checked.error();
  const auto from = root_.find_folder(first.folder);
  const auto to = root_.find_folder(copy.folder);
  for (const auto* dir : {&from, &to}) {
    if (*dir) continue;
    if (dir->error().code == errc::not_found) return false;
    return dir->error();
  }
  struct stat kept {};
  struct stat replaced {};
  if (!is_as_recorded({from->get(), first.name}, first.facts, kept) ||
      !is_as_recorded({to->get(), copy.name}, copy.facts, replaced))
    return false;
  if (kept.st_dev == replaced.st_dev && kept.st_ino == replaced.st_ino) return false;
  const int error = replace_by_link({from->get(), first.name}, kept.st_ino,
                                    {partials_->handle(), partials_->next_name()}, {to->get(), copy.name});
  if (error == EMLINK || error == ENOENT || error == ESTALE) return false;
  if (error != 0)
    return os::failure_of(
        error, fmt::format("{} cannot become a hard link of {}", shown_file(copy.folder, copy.name),
                           shown_file(first.folder, first.name)));
  changed_.insert(copy.folder);
  return true;
}

result<std::size_t> file_store::sweep() {
  if (!partials_) return only_reads();
  return partials_->sweep();
}

std::optional<left_body> file_store::take_left(std::string_view owner) {
  auto left = partials_ ? partials_->take_left(owner) : std::nullopt;
  if (!left) return std::nullopt;
  auto body = part_file::adopt(partials_, std::move(left->name), std::move(left->part.file), beside_);
  return left_body{std::move(body), std::move(left->part.note.body), left->part.found};
}

result<std::size_t> file_store::drop_left() {
  if (!partials_) return only_reads();
  return partials_->drop_left();
}

}  // namespace pofetch::storage
