#pragma once

#include "sources/workplace.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/po_list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::sources {

/// What the list of an instance says about one of its purchase orders.
struct order_facts {
  /// The instance's own id. Not the PO number.
  std::string id;
  /// As written.
  std::string number;
  std::string status;
  std::string supplier;
  std::string created_at;
  std::string updated_at;
};

/// Which of the instance's purchase orders.
struct order_filter {
  /// Changed after that: a date or a time, as the instance takes it; empty: all.
  std::string since{};
  /// `name=value` each, as the instance takes them: `status=issued`, `supplier[name]=Acme`.
  std::vector<std::string> queries{};
};

struct order_page {
  std::vector<order_facts> orders;
  /// When it was asked for; by the instance's clock, where it tells the time.
  std::chrono::system_clock::time_point at;
};

/// A source that can be asked for its orders themselves, page by page.
class order_listing {
 public:
  virtual ~order_listing() = default;

  /// Orders of a full page.
  [[nodiscard]] virtual std::size_t page_size() const noexcept = 0;

  /// The address of the orders that the filter names, without paging.
  [[nodiscard]] virtual std::string url(const std::string& base_url, const order_filter& filter) const = 0;

  /// One page of them, from `offset` on; without orders: there are no more. Failures: those of the source.
  /// Cancellable.
  [[nodiscard]] virtual awaitable<result<order_page>> read(workplace at, std::string url,
                                                           std::uint64_t offset) const = 0;

  /// Blocks until the page that begins at `offset` is there.
  using page_reader = std::function<result<std::vector<order_facts>>(std::uint64_t offset)>;

  /// The orders as a list, of which a page is in memory at a time; reads the first. Failures: config (a
  /// folder column that there is not), input (there are no orders, unless it `may_be_empty`), and those of
  /// the reader.
  [[nodiscard]] virtual result<std::unique_ptr<po_list>> open(page_reader read,
                                                              const std::vector<std::string>& folder_columns,
                                                              bool may_be_empty) const = 0;
};

}  // namespace pofetch::sources
