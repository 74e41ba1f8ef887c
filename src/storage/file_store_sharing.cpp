// Who may work on the folder: one run, or the nodes of one batch.
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "storage/file_store.hpp"
#include "storage/safe_open.hpp"
#include "storage/safe_path.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

/// In pofetch's own folder: whose nodes work here.
constexpr const char* owner_name = "shared";

/// Empty: it is no batch's of several nodes.
result<std::string> read_owner(int private_dir) {
  const opened file = open_beneath(private_dir, owner_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (file.error == ENOENT) return std::string();
  if (file.error != 0) return os::failure_of(file.error, "'.pofetch/shared' cannot be opened");
  std::array<char, 64> text{};
  const ssize_t count = os::uninterrupted([&] { return ::read(file.fd.get(), text.data(), text.size()); });
  if (count < 0) return os::failure_of(errno, "'.pofetch/shared' cannot be read");
  return std::string(text.data(), static_cast<std::size_t>(count));
}

bool has_own_ledger(int private_dir) {
  struct stat facts {};
  return ::fstatat(private_dir, "ledger.db", &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

}  // namespace

result<void> file_store::lock() {
  if (!partials_) return only_reads();
  if (lock_) return {};
  auto taken = run_lock::acquire(root_.private_handle());
  if (!taken) return taken.error();
  const auto owner = read_owner(root_.private_handle());
  if (!owner) return owner.error();
  if (!owner->empty())
    return make_failure(errc::config,
                        fmt::format("The output folder {} belongs to a batch whose ledger is in a database: "
                                    "give its address, or another folder.",
                                    shown(path().native())));
  lock_.emplace(std::move(*taken));
  return {};
}

/// All nodes of a batch write the same; of two batches that begin at once the later one is found out when its
/// nodes read what stands there.
result<void> file_store::belong_to(const std::string& batch) const {
  auto owner = read_owner(root_.private_handle());
  if (!owner) return owner.error();
  if (owner->empty() && has_own_ledger(root_.private_handle()))
    return make_failure(errc::config,
                        fmt::format("The output folder {} belongs to a batch with a ledger of its own in it: "
                                    "give another folder.",
                                    shown(path().native())));
  if (owner->empty()) {
    auto file = os::replacement_file::create_in(root_.private_handle(), owner_name, path() / private_folder);
    if (!file) return file.error();
    auto written = (*file)->write(batch);
    if (written) written = (*file)->commit();
    if (!written) return written;
    owner = read_owner(root_.private_handle());
    if (!owner) return owner.error();
  }
  if (*owner == batch) return {};
  return make_failure(errc::config,
                      fmt::format("The output folder {} belongs to another batch whose ledger is in a "
                                  "database: give another folder.",
                                  shown(path().native())));
}

result<std::unique_ptr<file_store>> file_store::open_as_node(const std::filesystem::path& dir, durability how,
                                                             const std::string& node,
                                                             const std::string& batch) {
  auto root = output_root::open(dir, true);
  if (!root) return root.error();
  auto lock = run_lock::acquire_shared(root->private_handle());
  if (!lock) return lock.error();
  std::unique_ptr<file_store> made(new file_store(std::move(*root), nullptr, how));
  if (auto owned = made->belong_to(batch); !owned) return owned.error();
  auto area = partial_area::open_for(made->root_.private_handle(), node);
  if (!area) return area.error();
  made->partials_ = std::make_shared<partial_area>(std::move(*area));
  made->lock_.emplace(std::move(*lock));
  return made;
}

result<void> file_store::revoke(const std::string& node) const {
  return partial_area::remove_for(root_.private_handle(), node);
}

}  // namespace pofetch::storage
