#pragma once

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace pofetch {

/// One instance of the procurement system, and who signs in there: cookies, access token, trust, and what may
/// be asked of its hosts. Any number of clients on any executors share it, so that a cookie which the
/// instance renews serves all. The limits of `instance_options::pool` (requests, bytes, connections) hold for
/// all together, also with other sessions of the process at that origin: the lower rate counts.
///
///     pofetch::instance_options options;
///     options.base_url = "https://acme.coupahost.com";
///     options.cookie_file = "cookies.txt";
///     auto session = pofetch::session::open(options);
///     if (!session) return complain(session.error().message);
///
/// A handle: copies stand for the same session, and every client keeps what it needs of it alive. Every
/// member may be called on any thread.
class session {
 public:
  /// Reads the files and runs the command that `options` name, so it blocks; sends nothing. `receiver` gets
  /// retries and warnings; it must outlive the session and all that uses it. Null: nobody. `stopped` is asked
  /// while the command runs, on this thread: true ends the command at once. Empty: nobody stops it.
  /// Failure config: an option, or a file that it names, cannot be used; cancelled: `stopped` said so.
  [[nodiscard]] static result<session> open(instance_options options, progress* receiver = nullptr,
                                            const std::function<bool()>& stopped = {});

  /// Takes in fresh cookies, in any form that a cookie file may have (Netscape or JSON), for every request
  /// that begins afterwards, and writes them to the cookie file if there is one. Blocks for that. Failure
  /// config: they cannot be used; those from before stay. Of the file: disk and what belongs to it.
  result<void> put_cookies(std::string_view text);

  /// Writes cookies that the instance has renewed back to the cookie file, if it has renewed any and nobody
  /// else has replaced the file. Blocks. Failures: disk and what belongs to it.
  result<void> save_cookies();

  struct state;
  [[nodiscard]] const std::shared_ptr<state>& shared() const noexcept { return state_; }

 private:
  explicit session(std::shared_ptr<state> made);
  std::shared_ptr<state> state_;
};

}  // namespace pofetch
