#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/attachment_source.hpp>
#include <pofetch/awaitable.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/download.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/store.hpp>
#include <pofetch/transport.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::pipeline {

/// What is held of an attachment whose file may have been replaced since.
struct held_file {
  /// Of the present version, if there is one; see attachment_record.
  std::string validator{};
  std::uint64_t bytes = 0;
  /// SHA-256 of every version, where it is known, that of the present one last; a body with one of them is no
  /// further version.
  std::vector<std::string> digests{};
};
/// By key of the download.
using held_files = std::map<std::string, held_file>;

/// Goes along with the downloads of one call of the pool; by their places in it. Called on the pool's
/// executor.
class download_watch {
 public:
  virtual ~download_watch() = default;

  /// Before the first request of a download that has its slot. Cancellable.
  [[nodiscard]] virtual awaitable<> start(std::size_t index) = 0;
  /// The answer has begun: the file will be called so, unless a further try brings another name. Not called
  /// for those of which a version is held: they may turn out to be no file of their own.
  virtual void named(std::size_t index, std::string name) = 0;
  /// It is about to wait for its next try.
  virtual void pauses(std::size_t index) = 0;
  /// It has ended, and keeps its slot until this returns; a body that is taken out of `done` is the watch's.
  /// Cancellable as long as it is not.
  [[nodiscard]] virtual awaitable<> ended(std::size_t index, download& done) = 0;
};

/// The download pool of one worker. Belongs to the worker's executor, used on its thread only.
class download_pool {
 public:
  /// Everything given must outlive the pool. `storage_thread`: where large bodies of earlier runs are
  /// read back. `worker` is the number told to `progress`.
  download_pool(transport& http, store& files, const attachment_source& source, clock& time,
                const pool_config& config, progress& events, boost::asio::any_io_executor storage_thread,
                unsigned worker);

  /// Fetches and verifies all of them, at most `max_concurrent` at the same time, and returns when
  /// every one is done: one entry for each attachment, in order. A failure of one never touches
  /// another. When cancelled, or when one finds that signing in is needed, the rest end as `pending`
  /// with code `cancelled`; finished ones are kept. Never throws for an expected failure.
  ///
  /// `po`, its number, tells with an attachment's key whose body it is: a body that an earlier run left is
  /// gone on from, and one that breaks off is left for a later run. Empty: neither.
  ///
  /// `notes`: the second addresses, if there are any; one is tried when the first does not lead to the file,
  /// and only then has the attachment failed. Must outlive the call.
  ///
  /// `held`: for those of which a version is held, the server is asked whether it has another one. Must
  /// outlive the call.
  ///
  /// `watch`: goes along, if there is one. Must outlive the call.
  [[nodiscard]] awaitable<std::vector<download>> download_attachments_parallel(
      std::span<const attachment> attachments, std::size_t max_concurrent = 4, std::string_view po = {},
      const attachment_notes* notes = nullptr, const held_files* held = nullptr,
      download_watch* watch = nullptr);

 private:
  transport& http_;
  store& files_;
  const attachment_source& source_;
  clock& time_;
  const pool_config& config_;
  progress& events_;
  boost::asio::any_io_executor storage_thread_;
  unsigned worker_;
};

}  // namespace pofetch::pipeline
