#pragma once

#include "async/semaphore.hpp"
#include "core/address.hpp"
#include "core/url.hpp"
#include "http/address_book.hpp"
#include "http/client.hpp"
#include "http/connection_pool.hpp"
#include "http/content_decoder.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_limits.hpp"
#include "http/host_lines.hpp"
#include "http/proxy.hpp"
#include "http/request_watch.hpp"
#include "http/tls_context.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace pofetch::http {

/// One client among those of a lane.
struct client_guest {
  traffic seen;
  /// In the queues of the lane.
  async::semaphore::party party;
};

/// What the exchanges of the clients of one lane share. Belongs to its executor.
struct client_lane {
  client_lane(boost::asio::any_io_executor where, client_config how, std::unique_ptr<tls_context> secure,
              const common& all);

  /// Is this the instance's own origin?
  [[nodiscard]] bool is_own(const core::origin& origin) const { return own && *own == origin; }

  /// Decoders are large and pages come one after another: they are used again.
  [[nodiscard]] std::unique_ptr<content_decoder> take_decoder();
  void give_back(std::unique_ptr<content_decoder> decoder);

  /// Brings the turns in line with what the host bears by now.
  void share_out(host_line& line);

  boost::asio::any_io_executor executor;
  client_config config;
  std::unique_ptr<tls_context> tls;
  host_limits& limits;
  cookie_jar& cookies;
  request_watch* const watch;
  std::optional<core::origin> own;
  std::optional<proxy> company_proxy;
  address_book addresses;
  const std::shared_ptr<host_lines> lines;
  connection_pool pool;
  /// Bytes that are booked and not yet used.
  std::size_t byte_credit = 0;
  /// Where the instance was reached last.
  std::optional<core::address_class> instance;
  std::vector<std::unique_ptr<content_decoder>> spare_decoders;
};

}  // namespace pofetch::http
