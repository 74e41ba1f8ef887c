#pragma once

#include "sources/coupa/discovery_union.hpp"
#include "sources/coupa_api/api_client.hpp"

#include <pofetch/attachment_source.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace pofetch::sources {

/// Finds attachments through Coupa's REST API: those of the order, of its lines, and of the requisitions that
/// it came from. Belongs to one executor; any number of its coroutines may call `discover` at the same time.
class coupa_api final : public attachment_source {
 public:
  /// Everything given must outlive the source. The transport signs the requests in.
  coupa_api(transport& http, clock& time, api_client_options options, progress& events);

  /// See the port. `not_found` has HTTP status 404 when the API knows no such order, 403 when this user or
  /// token may not see it. A list that cannot be read makes the discovery `incomplete`; a sign-in that is
  /// refused fails the whole. Cancellable.
  [[nodiscard]] awaitable<result<discovery>> discover(const purchase_order& po) override;

  /// Never: a file's address that leads to a sign-in page is wrong, but the token may be good.
  [[nodiscard]] bool is_sign_in_url(std::string_view url) const override;

  [[nodiscard]] bool looks_like_sign_in(std::string_view url) const override;

  /// 401 from the API.
  [[nodiscard]] bool asks_to_sign_in(const http_response& head, std::string_view first_bytes,
                                     bool page_expected) const override;

 private:
  [[nodiscard]] awaitable<result<boost::json::object>> find_order(const purchase_order& po);
  [[nodiscard]] awaitable<result<boost::json::object>> ask_for(const purchase_order& po,
                                                               const std::string& number);
  [[nodiscard]] awaitable<result<void>> add_list(const api_query& asked, discovery_union& into);
  bool add(const boost::json::value& from, const api_query& where, const std::string& address,
           discovery_union& into) const;

  api_client api_;
  std::string root_;
};

}  // namespace pofetch::sources
