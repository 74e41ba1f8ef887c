#pragma once

#include "core/address.hpp"
#include "core/url.hpp"
#include "http/address_book.hpp"
#include "http/client.hpp"
#include "http/connection_pool.hpp"
#include "http/content_decoder.hpp"
#include "http/proxy.hpp"
#include "http/shared_state.hpp"
#include "http/tls_context.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace pofetch::http {

/// What the exchanges of one client share. Belongs to the client's executor, but for `requests`.
struct client_lane {
  client_lane(boost::asio::any_io_executor where, client_config how, std::unique_ptr<tls_context> secure,
              shared_state& all);

  /// Is this the instance's own origin?
  [[nodiscard]] bool is_own(const core::origin& origin) const { return own && *own == origin; }

  /// Decoders are large and pages come one after another: they are used again.
  [[nodiscard]] std::unique_ptr<content_decoder> take_decoder();
  void give_back(std::unique_ptr<content_decoder> decoder);

  boost::asio::any_io_executor executor;
  client_config config;
  std::unique_ptr<tls_context> tls;
  shared_state& shared;
  std::optional<core::origin> own;
  std::optional<proxy> company_proxy;
  address_book addresses;
  connection_pool pool;
  /// Where the instance was reached last.
  std::optional<core::address_class> instance;
  std::vector<std::unique_ptr<content_decoder>> spare_decoders;
  std::atomic<std::uint64_t> requests{0};
};

}  // namespace pofetch::http
