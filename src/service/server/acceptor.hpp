#pragma once

#include "async/task_group.hpp"
#include "os/unique_fd.hpp"
#include "service/server/connection.hpp"
#include "service/server/sockets/listen_address.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>

namespace pofetch::service {

/// Takes clients in, each as a child of a group. Belongs to one executor; must outlive its coroutine.
class acceptor {
 public:
  acceptor(boost::asio::any_io_executor executor, listening_socket from, server_core& core,
           async::task_group& clients);

  /// Until it is cancelled. Where the process has no descriptors left, it waits a little and turns the next
  /// client away with the one that it holds back for that.
  awaitable<> run();

  [[nodiscard]] const listening_socket& socket() const noexcept { return from_; }

 private:
  void take(stream_socket client);

  boost::asio::any_io_executor executor_;
  listening_socket from_;
  boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol> acceptor_;
  server_core& core_;
  async::task_group& clients_;
  os::unique_fd reserve_;
};

}  // namespace pofetch::service
