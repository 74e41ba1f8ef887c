#pragma once

#include "async/semaphore.hpp"
#include "http/host_load.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace pofetch::http {

class connection_pool;
class host_limits;

/// Those of one executor who want something of one host.
struct host_line {
  host_line(boost::asio::any_io_executor where, host_load& how, std::size_t most);

  host_load& load;
  /// How many may be at it; see `client_lane::share_out`.
  async::semaphore turns;
  /// One at a time waits for the moment to start, where there are ceilings on starts: the most urgent first,
  /// and none books far ahead.
  async::semaphore starts;
};

/// The lines of one executor, for all who share the limits: also clients that sign in as different users.
/// Used on that executor only.
class host_lines {
 public:
  /// `limits` must outlive it. `most`: at once, at any host.
  host_lines(boost::asio::any_io_executor where, host_limits& limits, std::size_t most);

  /// The reference stays valid.
  [[nodiscard]] host_line& to(const std::string& host);

  /// Those that share the executor's part of the connections.
  std::vector<connection_pool*> pools;

 private:
  boost::asio::any_io_executor executor_;
  host_limits& limits_;
  std::size_t most_;
  std::map<std::string, host_line> hosts_;
};

}  // namespace pofetch::http
