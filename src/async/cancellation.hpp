#pragma once

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace pofetch::async {

/// Is this the exception by which a cancelled coroutine ends (see awaitable.hpp)?
[[nodiscard]] inline bool is_cancellation(const boost::system::system_error& error) {
  return error.code() == boost::asio::error::operation_aborted;
}

[[nodiscard]] inline bool is_cancellation(const std::exception_ptr& thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    return is_cancellation(error);
  } catch (...) {
  }
  return false;
}

}  // namespace pofetch::async
