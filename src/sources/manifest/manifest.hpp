#pragma once

#include <pofetch/attachment_source.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::sources {

/// What the lines of one purchase order amount to: attachments in the order of the list. A line that cannot
/// be used makes the discovery incomplete.
[[nodiscard]] discovery discovery_of(const std::vector<listed_attachment>& listed);

/// Attachments that the user lists himself, a line each. Asks nobody.
class manifest final : public attachment_source {
 public:
  /// `base_url`: the instance to which the cookies belong; may be empty.
  explicit manifest(std::string base_url = {}) : base_url_(std::move(base_url)) {}

  /// Failure input: without its lines nothing is known of a PO.
  [[nodiscard]] awaitable<result<discovery>> discover(const purchase_order& po) override;
  [[nodiscard]] awaitable<result<discovery>> discover_listed(
      const purchase_order& po, const std::vector<listed_attachment>& listed) override;

  /// Only what the instance itself says; without one there is nothing to sign in to.
  [[nodiscard]] bool is_sign_in_url(std::string_view url) const override;
  [[nodiscard]] bool looks_like_sign_in(std::string_view url) const override;
  [[nodiscard]] bool asks_to_sign_in(const http_response& head, std::string_view first_bytes,
                                     bool page_expected) const override;

 private:
  std::string base_url_;
};

}  // namespace pofetch::sources
