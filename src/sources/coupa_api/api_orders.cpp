#include "sources/coupa_api/api_orders.hpp"

#include "core/columns.hpp"
#include "core/percent.hpp"
#include "core/po_number.hpp"
#include "core/setting_text.hpp"
#include "sources/coupa_api/api_facts.hpp"
#include "sources/html/page_text.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace json = boost::json;

namespace {

constexpr std::string_view list_fields =
    R"(["id","po-number","status","supplier","created-at","updated-at"])";

const std::vector<std::string>& column_names() {
  static const std::vector<std::string> names{"po_number", "supplier", "status", "created_at", "updated_at"};
  return names;
}

bool same_page(const std::vector<order_facts>& a, const std::vector<order_facts>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.id == other.id && one.number == other.number;
  });
}

}  // namespace

std::string orders_url(const std::string& base_url, const order_filter& filter) {
  std::string url =
      fmt::format("{}/purchase_orders?fields={}", api_root(base_url), core::encode_component(list_fields));
  const auto add = [&url](std::string_view name, std::string_view value) {
    url += fmt::format("&{}={}", core::encode_component(name), core::encode_component(value));
  };
  if (!filter.since.empty()) add("updated-at[gt]", filter.since);
  for (const std::string& query : filter.queries) {
    const std::size_t equals = query.find('=');
    add(std::string_view(query).substr(0, equals), std::string_view(query).substr(equals + 1));
  }
  return url;
}

awaitable<result<std::vector<order_facts>>> read_orders(api_client& api, const std::string& url,
                                                        std::uint64_t offset) {
  const api_query asked{"the list of purchase orders",
                        fmt::format("{}&limit={}&offset={}", url, api_client::page_size, offset),
                        order_scope};
  auto answer = co_await api.get(asked);
  std::vector<order_facts> page;
  // In the manner of XML, no match is a 404.
  if (!answer && answer.error().code == errc::not_found && answer.error().http_status == 404) co_return page;
  if (!answer) co_return answer.error();
  const json::array* const elements = answer->if_array();
  if (elements == nullptr) co_return wrong_shape(asked, "a list of purchase orders");
  for (const auto& each : *elements) {
    const json::object* const one = each.if_object();
    if (one == nullptr) co_return wrong_shape(asked, "a list of purchase orders");
    page.push_back(read_order(*one));
  }
  co_return page;
}

result<std::unique_ptr<po_list>> api_orders::open(page_reader read,
                                                  const std::vector<std::string>& folder_columns,
                                                  bool may_be_empty) {
  std::vector<std::size_t> folders;
  for (const std::string& wanted : folder_columns) {
    const auto found = core::find_column(column_names(), wanted);
    if (!found)
      return make_failure(errc::config,
                          core::sentence("@folder_columns: with @all there are the columns po_number, "
                                         "supplier, status, created_at and updated_at, not '{}'",
                                         quote_for_message(wanted)));
    folders.push_back(*found);
  }
  std::unique_ptr<api_orders> made(new api_orders(std::move(read), std::move(folders)));
  auto first = made->turn();
  if (!first) return first.error();
  if (made->ended_ && !may_be_empty)
    return make_failure(errc::input,
                        core::spelled("the instance has no purchase orders that match @since and @query"));
  return std::unique_ptr<po_list>(std::move(made));
}

const std::vector<std::string>& api_orders::columns() const { return column_names(); }

result<std::optional<po_row>> api_orders::next() {
  if (!ended_ && at_ == page_.size()) {
    auto turned = turn();
    if (!turned) return turned.error();
  }
  if (ended_) return std::optional<po_row>();
  ++line_;
  return std::optional<po_row>(row_of(page_[at_++]));
}

result<void> api_orders::turn() {
  auto more = read_(offset_);
  if (!more) return more.error();
  const bool again = !more->empty() && same_page(*more, page_);
  if (again && more->size() >= api_client::page_size)
    return make_failure(errc::unexpected_content,
                        "the list of purchase orders: the REST API gives the same full page again, so that "
                        "the rest of the list cannot be read");
  ended_ = more->empty() || again;
  offset_ += more->size();
  page_ = std::move(*more);
  at_ = 0;
  return {};
}

po_row api_orders::row_of(const order_facts& order) const {
  po_row row;
  row.line = line_;
  row.supplier = order.supplier;
  row.updated_at = order.updated_at;
  row.cells = {order.number, order.supplier, order.status, order.created_at, order.updated_at};
  for (const std::size_t folder : folders_) row.folders.push_back(row.cells[folder]);
  const core::po_cell cell = core::parse_po_cell(order.number);
  if (cell.is_one_po()) {
    row.number = cell.orders.front().number;
    row.prefix = cell.orders.front().prefix;
  } else {
    row.problem = fmt::format(
        "Order {} of the instance: '{}' is no PO number; expected digits, alone or after PO or PM.", line_,
        quote_for_message(order.number));
  }
  return row;
}

}  // namespace pofetch::sources
