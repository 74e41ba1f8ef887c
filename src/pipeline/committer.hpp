#pragma once

#include "async/event.hpp"
#include "pipeline/outcome.hpp"
#include "pipeline/worker_manager.hpp"

#include <pofetch/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pofetch::pipeline {

/// Brings finished POs of one lane to their final state, in groups: unique names, sync of the bodies, intent
/// into the ledger, rename into place, sync of the folders, and only then the rows that say COMPLETED. The
/// sync of one group's folders is that of the next one's bodies, and the rows of both are one transaction.
/// Disk and ledger are used on their own threads; the workers go on meanwhile. While one group is written the
/// next one gathers, so groups grow by themselves when the disk is slow.
class committer {
 public:
  using stop_function = std::function<void(stop_reason, const failure&)>;

  /// `stop`: called when the ledger or the disk makes going on pointless. `records_only`: nothing was
  /// fetched, outcomes go straight to the ledger. `most_bodies`: open files of POs that wait.
  committer(const lane& where, const shared_parts& parts, bool records_only, std::size_t most_bodies,
            stop_function stop);

  /// Takes over a finished PO; waits while `most_waiting` are queued, or POs with `most_bodies` open files,
  /// so that memory and open files stay bounded when the disk is slower than the network. Who is cancelled
  /// while it waits does not lose the PO: it is taken over at once then.
  [[nodiscard]] awaitable<> hand_over(finished_po po);

  /// For a PO that is not finished, or one file of it: brings what is whole to its final state, without
  /// telling anybody that the PO is done, and gives the attachments back as the ledger has them then.
  /// Nothing: the run cannot go on.
  [[nodiscard]] awaitable<std::optional<std::vector<attachment_record>>> keep(finished_po po);

  /// Commits group after group until `close` was called and nothing is left. Not to be cancelled. A bug ends
  /// the run, and nobody waits for it in vain.
  [[nodiscard]] awaitable<> run();

  /// No further POs will come.
  void close();

  static constexpr std::size_t most_waiting = 1024;
  /// A group is written as soon as it has so many files, or its first PO has waited so long: what one sync
  /// costs hardly depends on how much it writes. So long the last group waits for another one to share its
  /// sync with, too.
  static constexpr std::size_t enough_files = 64;
  static constexpr std::chrono::milliseconds gather_time{100};

 private:
  struct group;
  /// Where the attachments of a PO are awaited. Shared, because who waits may be cancelled.
  using answer = std::shared_ptr<std::optional<std::vector<attachment_record>>>;
  struct waiting_po {
    finished_po po;
    answer back{};
  };

  awaitable<> enqueue(waiting_po one);
  awaitable<> wait_for_room();
  awaitable<> commit_groups();

  [[nodiscard]] bool is_enough() const;
  awaitable<> gather();
  awaitable<> wait_for_more(bool& due);
  awaitable<> commit(group& placed, group& next);
  awaitable<result<void>> bring_to_disk(group& placed, group& next);
  result<po_ids> write(const group& placed, const group& next);
  awaitable<result<void>> place(group& now);
  void tell(group& done);
  void name_all(group& now);
  /// Those of which another one holds the lease by now.
  void drop(const po_ids& lost, group& placed, group& next);
  result<void> place_all(group& now, bool last_try);

  const shared_parts& parts_;
  boost::asio::any_io_executor executor_;
  clock& time_;
  bool records_only_;
  std::size_t most_bodies_;
  stop_function stop_;
  std::vector<waiting_po> waiting_;
  std::size_t bodies_ = 0;  ///< open files in `waiting_`
  bool closed_ = false;
  bool broken_ = false;
  async::event changed_;
};

}  // namespace pofetch::pipeline
