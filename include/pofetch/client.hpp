#pragma once

#include <pofetch/attachment_source.hpp>
#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/session.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>

#include <memory>
#include <string>
#include <utility>

namespace pofetch {

/// Talks to an instance on one executor of the caller's: an io_context that one thread runs, or a strand.
/// Its connections are kept from call to call, and shared with the session's other work there.
///
///     auto coupa = pofetch::client::open(co_await boost::asio::this_coro::executor, session);
///     auto found = co_await coupa->discover("4500012");
///     if (found) use(found->attachments);
///
/// **Executor.** The coroutines must be awaited on the client's executor; elsewhere they throw
/// std::logic_error. The `async_` forms may be started on any thread: they run on the client's executor, and
/// complete as Asio's co_spawn does, with `void(std::exception_ptr, result<T>)`.
///
/// **Lifetime.** A handle that can be copied. It may be destroyed while an operation runs: that runs to
/// its end. The execution context must outlive every handle.
///
/// **Cancellation.** Terminal, by Asio's cancellation slots: the operation ends with
/// boost::asio::error::operation_aborted, and its connection is closed.
class client {
 public:
  using executor_type = boost::asio::any_io_executor;

  /// Reads the certificates that the options name, so it blocks for a moment; sends nothing. Failure config:
  /// one of them, or a header, cannot be used.
  [[nodiscard]] static result<client> open(executor_type executor, const session& where);

  [[nodiscard]] executor_type get_executor() const;

  /// Which attachments has this PO? `number` as Coupa shows it: digits, a prefix of letters in front if there
  /// is one. Transient failures are retried (`pool_config::retries`). Failures: input (no number), not_found
  /// (no such PO, or not for this user), session_expired, unexpected_content (an answer that is no PO), and
  /// those of the network: connection, timeout, tls, protocol, http_status, rate_limited.
  [[nodiscard]] awaitable<result<discovery>> discover(std::string number) const;

  /// Asks whether the sign-in holds. Success: it does, or the instance is too busy to say. Failures:
  /// session_expired, and those of the network.
  [[nodiscard]] awaitable<result<void>> check_sign_in() const;

  /// `discover` for any completion token: a callback, boost::asio::use_future, ...
  template <class CompletionToken>
  auto async_discover(std::string number, CompletionToken&& token) const {
    return boost::asio::co_spawn(get_executor(), discover(std::move(number)),
                                 std::forward<CompletionToken>(token));
  }

  struct state;
  [[nodiscard]] const std::shared_ptr<state>& shared() const noexcept { return state_; }

 private:
  explicit client(std::shared_ptr<state> made);
  std::shared_ptr<state> state_;
};

}  // namespace pofetch
