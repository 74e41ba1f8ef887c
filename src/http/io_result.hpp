#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace pofetch::http {

/// Completion token: the error code comes back as a value.
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

/// A cancelled coroutine ends with this exception. A socket that its watchdog closed reports the same code:
/// look there first.
[[noreturn]] inline void throw_cancelled() {
  throw boost::system::system_error(boost::asio::error::operation_aborted);
}

}  // namespace pofetch::http
