#pragma once

#include "async/event.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace pofetch::pipeline {

/// Makes the end of a session one matter of the whole run instead of one of every worker: the first that runs
/// into it takes charge, all others wait until it has been renewed. Shared by all lanes; every member may be
/// called on any thread. Nobody waits for another lane: each has an event of its own, which is set off on its
/// own executor.
class session_gate {
 public:
  /// Counts how often somebody was in charge. Whoever asks for something notes the round first.
  using round = std::uint64_t;

  /// The event of a lane: notified, on that executor, whenever the gate has opened.
  [[nodiscard]] std::shared_ptr<async::event> enter(boost::asio::any_io_executor where);

  [[nodiscard]] round now() const;
  /// Is somebody renewing the session? Then nothing new should be asked for.
  [[nodiscard]] bool closed() const;

  /// The session turned out to have ended, by something asked for in that round. True: the caller is in
  /// charge now, has to renew the session, and calls `open` after that. False: somebody else is, or was
  /// since.
  [[nodiscard]] bool take_charge(round seen);

  /// The one in charge is done. `renewed`: there is a new session.
  void open(bool renewed);

  /// How often there was a new session.
  [[nodiscard]] std::uint64_t renewals() const;

  /// A PO was read for the first time, has come to its end, or some of its files have come: all of these
  /// happen a limited number of times, so that a run ends.
  void gained();
  /// New sessions in a row with which nothing was gained.
  [[nodiscard]] unsigned renewed_in_vain() const;

 private:
  struct visitor {
    boost::asio::any_io_executor where;
    std::shared_ptr<async::event> opened;
  };

  mutable std::mutex mutex_;
  std::vector<visitor> lanes_;
  round round_ = 0;
  std::uint64_t renewals_ = 0;
  unsigned in_vain_ = 0;
  bool closed_ = false;
};

}  // namespace pofetch::pipeline
