#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/attachment_source.hpp>
#include <pofetch/awaitable.hpp>
#include <pofetch/client.hpp>
#include <pofetch/download.hpp>
#include <pofetch/output_folder.hpp>

#include <boost/asio/co_spawn.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace pofetch {

/// Fetches attachments through a client, and saves them in a folder.
///
///     pofetch::downloader pool(coupa, folder);
///     auto done = co_await pool.download_attachments_parallel(found.attachments, 4);
///     auto saved = co_await pool.save(std::move(done), "4500012");
///
/// Executor, lifetime and completion tokens as for `client`; its executor is the client's.
class downloader {
 public:
  downloader(client from, output_folder to);

  /// Fetches and verifies all of them, at most `max_concurrent` at the same time, and returns when every one
  /// is done: one entry for each, in order. A failure is an entry with the reason, and never touches another
  /// one; transient failures are retried. Bodies are streamed to the folder's private area, hashed on the
  /// way, and are gone with their entries unless they are saved.
  ///
  /// Cancelled (terminal), or when one finds that signing in is needed, the rest end within a moment as
  /// `pending` with the code `cancelled`, and what is whole is returned.
  ///
  /// `notes`: of the discovery; the second addresses in them are tried where a first one does not lead to the
  /// file.
  [[nodiscard]] awaitable<std::vector<download>> download_attachments_parallel(
      std::vector<attachment> attachments, std::size_t max_concurrent = 4, attachment_notes notes = {}) const;

  /// Gives the bodies their names in a folder below the output folder, one level, made safe; brings bodies
  /// and names to stable storage (by the folder's `durability`). What is there is never replaced: a name that
  /// is taken gets a number, as `scan (2).pdf`. One record for each entry, in order: COMPLETED with name,
  /// bytes and SHA-256, or the reason. Once begun it is not cancelled.
  [[nodiscard]] awaitable<std::vector<attachment_record>> save(std::vector<download> done,
                                                               std::string folder) const;

  /// The same for any completion token.
  template <class CompletionToken>
  auto async_download_attachments_parallel(std::vector<attachment> attachments, std::size_t max_concurrent,
                                           CompletionToken&& token) const {
    return boost::asio::co_spawn(from_.get_executor(),
                                 download_attachments_parallel(std::move(attachments), max_concurrent),
                                 std::forward<CompletionToken>(token));
  }
  template <class CompletionToken>
  auto async_save(std::vector<download> done, std::string folder, CompletionToken&& token) const {
    return boost::asio::co_spawn(from_.get_executor(), save(std::move(done), std::move(folder)),
                                 std::forward<CompletionToken>(token));
  }

 private:
  client from_;
  output_folder to_;
};

}  // namespace pofetch
