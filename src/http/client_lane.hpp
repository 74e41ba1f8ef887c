#pragma once

#include "async/semaphore.hpp"
#include "core/address.hpp"
#include "core/url.hpp"
#include "http/address_book.hpp"
#include "http/client.hpp"
#include "http/connection_pool.hpp"
#include "http/content_decoder.hpp"
#include "http/host_load.hpp"
#include "http/proxy.hpp"
#include "http/shared_state.hpp"
#include "http/tls_context.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::http {

/// Those of one lane who want something of one host.
struct host_line {
  host_line(boost::asio::any_io_executor where, host_load& how, std::size_t most);

  host_load& load;
  /// How many may be at it; see `client_lane::share_out`.
  async::semaphore turns;
  /// One at a time waits for the moment to start, where there are ceilings on starts: the most urgent first,
  /// and none books far ahead.
  async::semaphore starts;
};

/// What the exchanges of one client share. Belongs to the client's executor, but for `requests`.
struct client_lane {
  client_lane(boost::asio::any_io_executor where, client_config how, std::unique_ptr<tls_context> secure,
              shared_state& all);

  /// Is this the instance's own origin?
  [[nodiscard]] bool is_own(const core::origin& origin) const { return own && *own == origin; }

  /// Decoders are large and pages come one after another: they are used again.
  [[nodiscard]] std::unique_ptr<content_decoder> take_decoder();
  void give_back(std::unique_ptr<content_decoder> decoder);

  /// The reference stays valid.
  [[nodiscard]] host_line& line_to(const std::string& host);
  /// Brings the turns in line with what the host bears by now.
  void share_out(host_line& line) const;

  boost::asio::any_io_executor executor;
  client_config config;
  std::unique_ptr<tls_context> tls;
  shared_state& shared;
  std::optional<core::origin> own;
  std::optional<proxy> company_proxy;
  address_book addresses;
  std::map<std::string, host_line> hosts;
  connection_pool pool;
  /// Bytes that are booked and not yet used.
  std::size_t byte_credit = 0;
  /// Where the instance was reached last.
  std::optional<core::address_class> instance;
  std::vector<std::unique_ptr<content_decoder>> spare_decoders;
  std::atomic<std::uint64_t> requests{0};
};

}  // namespace pofetch::http
