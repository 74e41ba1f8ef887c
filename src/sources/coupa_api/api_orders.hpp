#pragma once

#include "sources/coupa_api/api_client.hpp"
#include "sources/order_listing.hpp"

#include <pofetch/po_list.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::sources {

/// The address of the orders that the filter names, without paging.
[[nodiscard]] std::string orders_url(const std::string& base_url, const order_filter& filter);

/// One page of them, from `offset` on; empty: there are no more. Failures: see `api_client::get`.
/// Cancellable; `url` must outlive the call.
[[nodiscard]] awaitable<result<std::vector<order_facts>>> read_orders(api_client& api, const std::string& url,
                                                                      std::uint64_t offset);

/// The orders of an instance as a list: one page at a time is in memory.
class api_orders final : public po_list {
 public:
  using page_reader = order_listing::page_reader;

  /// Reads the first page. Failures: config (a folder column that there is not), input (there are no orders,
  /// unless it `may_be_empty`), and those of the reader.
  [[nodiscard]] static result<std::unique_ptr<po_list>> open(page_reader read,
                                                             const std::vector<std::string>& folder_columns,
                                                             bool may_be_empty = false);

  /// po_number, supplier, status, created_at, updated_at.
  [[nodiscard]] const std::vector<std::string>& columns() const override;
  [[nodiscard]] bool is_manifest() const override { return false; }

  /// Failures: those of the reader (beside `input`), and unexpected_content if the API gives the same full
  /// page again, so that there is no way to the rest.
  [[nodiscard]] result<std::optional<po_row>> next() override;

 private:
  api_orders(page_reader read, std::vector<std::size_t> folders)
      : read_(std::move(read)), folders_(std::move(folders)) {}
  [[nodiscard]] result<void> turn();
  [[nodiscard]] po_row row_of(const order_facts& order) const;

  page_reader read_;
  std::vector<std::size_t> folders_;
  std::vector<order_facts> page_;
  std::size_t at_ = 0;
  std::uint64_t offset_ = 0;
  std::int64_t line_ = 0;
  bool ended_ = false;
};

}  // namespace pofetch::sources
