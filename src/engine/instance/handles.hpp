#pragma once

#include "engine/instance/instance.hpp"
#include "engine/instance/instance_lane.hpp"
#include "storage/file_store.hpp"

#include <pofetch/client.hpp>
#include <pofetch/output_folder.hpp>
#include <pofetch/session.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <optional>
#include <utility>

// What stands behind the handles of the public interface.
namespace pofetch {

struct session::state {
  state(instance_options how, progress* receiver)
      : where(std::move(how), receiver == nullptr ? silent : *receiver) {}

  progress silent;
  engine::instance where;
};

struct client::state {
  std::shared_ptr<session::state> owner;
  std::unique_ptr<engine::instance_lane> lane;
};

struct output_folder::state {
  std::unique_ptr<storage::file_store> files;
  /// Where the caller gave no executor.
  std::optional<boost::asio::thread_pool> own;
  /// One call at a time.
  boost::asio::any_io_executor blocking;
};

/// Throws std::logic_error unless the coroutine that awaits this runs on that executor: connections belong to
/// one.
[[nodiscard]] awaitable<> require_executor(boost::asio::any_io_executor wanted);

}  // namespace pofetch
