#pragma once

#include <pofetch/error.hpp>
#include <pofetch/pool_config.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>

namespace pofetch {

/// A folder that attachments are saved in. Bodies in progress are in `.pofetch` within it, so that a file
/// under its own name is always whole. Nothing outside the folder is ever touched, and no symbolic link is
/// followed.
///
/// A handle: copies stand for the same folder. Any thread. The folder is locked until the last handle is
/// gone: no other process of pofetch works in it meanwhile.
class output_folder {
 public:
  /// Makes the folder if it is not there, and removes what a killed process left in `.pofetch`. Blocks.
  /// `blocking`: where calls that block (sync, rename) are made, one at a time; of a thread pool, say, which
  /// must outlive the folder. Without one the folder has a thread of its own. Failures: locked (the message
  /// says by whom), disk, disk_full, permission.
  [[nodiscard]] static result<output_folder> open(const std::filesystem::path& path,
                                                  boost::asio::any_io_executor blocking = {},
                                                  durability how = durability::batch);

  struct state;
  [[nodiscard]] const std::shared_ptr<state>& shared() const noexcept { return state_; }

 private:
  explicit output_folder(std::shared_ptr<state> made);
  std::shared_ptr<state> state_;
};

}  // namespace pofetch
