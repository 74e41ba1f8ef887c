#pragma once

#include <boost/asio/awaitable.hpp>

namespace pofetch {

/// What every coroutine of pofetch returns.
///
/// Cancellation is the one outcome that is not a value: a cancelled coroutine ends with
/// `boost::system::system_error(boost::asio::error::operation_aborted)`. Every other expected
/// failure is a `result` (see error.hpp).
template <class T = void>
using awaitable = boost::asio::awaitable<T>;

}  // namespace pofetch
