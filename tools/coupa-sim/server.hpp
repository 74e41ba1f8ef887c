#pragma once

#include "coupa-sim/certificates.hpp"
#include "coupa-sim/connection.hpp"

#include <cstdint>
#include <memory>

namespace coupa_sim {

/// Listens on 127.0.0.1 (and on ::1 where there is one) and serves connections on threads of its own:
/// one io_context a thread, a connection stays on its thread.
class server {
 public:
  /// Binds, so that `port` is known; throws boost::system::system_error if that fails. `identity` is
  /// not used for plain HTTP. What `shared` refers to must outlive the server.
  server(const shared_site& shared, const key_pair& identity);

  /// Stops first.
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  void start();

  /// Ends all connections, wherever they stand, and joins the threads. May be called again.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace coupa_sim
