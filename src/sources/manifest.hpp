#pragma once

#include "sources/manifest_rows.hpp"

#include <pofetch/attachment_source.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// What the rows of one purchase order amount to: attachments in the order of the list, each address once.
/// A row that cannot be used (no web address, a digest that is none) makes the discovery incomplete.
[[nodiscard]] discovery discovery_of(std::string_view po_number, const std::vector<manifest_row>& rows);

/// Attachments that the user lists himself, one row each. Asks nobody. Belongs to one executor.
class manifest final : public attachment_source {
 public:
  /// `rows` is used on `ledger_thread` only, and must outlive the source. `base_url`: the instance to which
  /// the cookies belong; may be empty.
  manifest(boost::asio::any_io_executor ledger_thread, manifest_rows& rows, std::string base_url = {});

  /// The rows kept under `po.number`. Failures: disk, disk_full.
  [[nodiscard]] awaitable<result<discovery>> discover(const purchase_order& po) override;

  /// Only what the instance itself says; without one there is nothing to sign in to.
  [[nodiscard]] bool is_sign_in_url(std::string_view url) const override;
  [[nodiscard]] bool looks_like_sign_in(std::string_view url) const override;
  [[nodiscard]] bool asks_to_sign_in(const http_response& head, std::string_view first_bytes,
                                     bool page_expected) const override;

 private:
  boost::asio::any_io_executor ledger_thread_;
  manifest_rows& rows_;
  std::string base_url_;
};

}  // namespace pofetch::sources
