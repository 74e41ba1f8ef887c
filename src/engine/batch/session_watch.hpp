#pragma once

#include "engine/instance/sign_in_state.hpp"
#include "sources/session_state.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/session_keeper.hpp>
#include <pofetch/transport.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace pofetch::engine {

/// What one lane needs to have the session renewed.
struct session_watch_parts {
  clock& time;
  /// Where blocking work on the cookie file is done.
  boost::asio::any_io_executor disk;
  sign_in_state& sign_in;
  const batch_options& options;
  progress& events;
  /// Asks the instance whether the session holds.
  std::function<awaitable<result<sources::session_state>>()> probe;
};

/// Does what `--on-expiry` says. Belongs to one lane.
class session_watch final : public session_keeper {
 public:
  explicit session_watch(session_watch_parts parts);

  /// The session may hold after all: the first thing is to ask. Then `exit` fails; `wait` comes back when the
  /// cookie file has been replaced by one that works, however long that takes; `login` signs in.
  [[nodiscard]] awaitable<result<session_news>> renew(const failure& why) override;

  /// How often the cookie file is looked at.
  static constexpr std::chrono::milliseconds period{500};

 private:
  /// What became of a look at the cookie file.
  enum class look { unchanged, works, useless };

  [[nodiscard]] awaitable<sources::session_state> ask();
  [[nodiscard]] awaitable<result<void>> wait_for_file();
  [[nodiscard]] awaitable<look> look_at_file();
  [[nodiscard]] awaitable<result<void>> sign_in_in_turn();
  [[nodiscard]] awaitable<result<void>> sign_in_again();
  [[nodiscard]] std::chrono::milliseconds since(clock::time_point start) const;

  session_watch_parts parts_;
  /// The file was taken in, but the instance could not be asked yet.
  bool unanswered_ = false;
  /// Of the cookies that were found to hold no more: another batch may bring better ones.
  std::uint64_t era_ = 0;
};

}  // namespace pofetch::engine
