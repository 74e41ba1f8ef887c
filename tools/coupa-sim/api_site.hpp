#pragma once

#include "coupa-sim/api_data.hpp"
#include "coupa-sim/dataset.hpp"
#include "coupa-sim/faults.hpp"
#include "coupa-sim/route.hpp"
#include "coupa-sim/site_message.hpp"
#include "coupa-sim/stats.hpp"
#include "coupa-sim/token_book.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coupa_sim {

/// The REST API beside the pages: tokens, purchase orders, attachments. Says what to answer, does no I/O. Any
/// thread.
class api_site {
 public:
  /// Everything given must outlive it.
  api_site(const options& wanted, const dataset& data, token_book& tokens, stats& seen);

  /// POST /oauth2/token.
  [[nodiscard]] site_reply token(const site_request& request, const route& where);

  struct outcome {
    site_reply reply;
    /// Set when the bytes of this file are what is asked for.
    std::optional<file_facts> file{};
  };
  /// Anything under /api.
  [[nodiscard]] outcome answer(const site_request& request, const route& where);

 private:
  struct path;
  [[nodiscard]] std::optional<std::string> scopes_of(const site_request& request);
  [[nodiscard]] outcome find(const site_request& request, const route& where, const path& wanted) const;
  [[nodiscard]] outcome attachment(const site_request& request, const path& wanted,
                                   const std::string& id) const;
  [[nodiscard]] site_reply orders(const site_request& request, std::string_view query) const;
  [[nodiscard]] std::optional<boost::json::array> attachments_of(const path& wanted,
                                                                 const api_place& where) const;
  [[nodiscard]] api_place place_of(const site_request& request) const;
  [[nodiscard]] bool throttled(site_reply& reply);

  const options& options_;
  const dataset& data_;
  token_book& tokens_;
  stats& stats_;
  throttle throttle_;
};

}  // namespace coupa_sim
