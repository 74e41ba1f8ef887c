#pragma once

#include "core/retry_policy.hpp"
#include "sources/coupa_web/coupa_page.hpp"
#include "sources/coupa_web/page_verdict.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/progress.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

struct coupa_web_options {
  /// `https://<tenant>.coupahost.com`.
  std::string base_url;
  core::retry_options retry{};
  /// Of the jitter between tries.
  std::uint64_t seed = 0;
  /// A larger page is refused (bytes, decoded).
  std::uint64_t max_page_size = 16ULL << 20;
  /// The worker number that `progress` gets with every further try.
  unsigned worker = 0;
};

/// Finds attachments on the web pages of Coupa: the order's own page and those of the requisitions linked
/// from it. Belongs to one executor; any number of its coroutines may call `discover` at the same time.
class coupa_web final : public attachment_source {
 public:
  /// Requisitions of one order that are read at the same time.
  static constexpr std::size_t most_at_once = 4;

  /// Everything given must outlive the source.
  coupa_web(transport& http, clock& time, coupa_web_options options, progress& events);

  /// See the port. `not_found` has HTTP status 404 when there is no such order, 403 when this user may not
  /// see it. A requisition that cannot be read makes the discovery `incomplete`; a session that expires
  /// there fails the whole. Cancellable.
  [[nodiscard]] awaitable<result<discovery>> discover(const purchase_order& po) override;

  /// Asks for each page on the condition that it has changed (RFC 9110 13.1). If none has, nothing has; else
  /// all is read.
  [[nodiscard]] awaitable<result<discovery>> discover_again(const purchase_order& po,
                                                            const std::vector<page_mark>& pages) override;

  /// The instance's own address alone; another host is no sign (object storage).
  [[nodiscard]] bool is_sign_in_url(std::string_view url) const override;

  [[nodiscard]] bool looks_like_sign_in(std::string_view url) const override;

  [[nodiscard]] bool asks_to_sign_in(const http_response& head, std::string_view first_bytes,
                                     bool page_expected) const override;

 private:
  struct page {
    page_query asked;
    http_response head;
    page_facts facts;
    bool unchanged = false;  ///< the server says so; there are no facts
  };
  /// The requisitions of one order while they are read.
  struct requisitions {
    std::vector<page_query> queries;
    std::vector<std::optional<result<page>>> pages;
    std::size_t next = 0;
    bool stop = false;
  };

  [[nodiscard]] page_query order_query(const purchase_order& po, std::string_view prefix) const;
  [[nodiscard]] http_request request_for(const page_query& asked) const;
  [[nodiscard]] page_mark mark_of(const page& read) const;
  [[nodiscard]] awaitable<result<discovery>> discover_from(const purchase_order& po, page order);
  [[nodiscard]] awaitable<result<page>> find_order(const purchase_order& po);
  [[nodiscard]] awaitable<result<page>> read_page(const page_query& asked);
  [[nodiscard]] awaitable<result<page>> try_page(const page_query& asked);
  [[nodiscard]] awaitable<failure> weigh(failure why, const page_query& asked, const http_response& head);
  [[nodiscard]] awaitable<> read_all(requisitions& work);
  [[nodiscard]] awaitable<> read_some(requisitions& work);

  transport& http_;
  clock& time_;
  coupa_web_options options_;
  progress& events_;
  core::retry_policy retry_;
};

}  // namespace pofetch::sources
