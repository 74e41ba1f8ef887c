// What a batch asks the instance about its orders at once: the list of --all, and what has changed since the
// last look.
#include "core/mask_url.hpp"
#include "core/po_number.hpp"
#include "core/setting_text.hpp"
#include "core/timestamp.hpp"
#include "core/url.hpp"
#include "engine/batch/batch_run.hpp"
#include "sources/coupa/base_url.hpp"
#include "sources/drivers.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::engine {

namespace {

std::vector<order_change> changes_in(const std::vector<sources::order_facts>& orders,
                                     const sources::driver& source) {
  std::vector<order_change> changes;
  for (const auto& order : orders)
    for (const core::parsed_po& one : source.read_numbers(order.number).orders)
      changes.push_back({std::string(core::without_leading_zeros(one.number)), order.updated_at});
  return changes;
}

/// Each source and each instance has keys of its own for the same files.
failure other_keys(std::string_view filled, const std::string& was, const std::string& is) {
  return make_failure(errc::config,
                      core::sentence("@refresh: the folder was filled {} {}; with {} every file would count "
                                     "as a new one. Give {}, or another folder",
                                     filled, was, is, was));
}

}  // namespace

/// With --all, the instance's own orders are the list.
result<void> batch_run::list_instance() {
  if (!options_.all) return {};
  const sources::order_listing& listing = *instance_.driver().listing();
  sources::order_filter filter{options_.since, options_.query};
  listing_ = listing.url(options_.base_url, filter);
  if (records_) {
    const auto before = records_->last_run();
    const bool same = before && before->info.listing == listing_;
    const auto reached = same ? core::parse_timestamp(before->listed_to) : std::nullopt;
    goes_on_ = reached.has_value();
    if (goes_on_) {
      listed_to_ = before->listed_to;
      const auto since = core::parse_timestamp(options_.since);
      if (!since || *reached - listing_overlap > *since) filter.since = with_overlap(*reached);
    }
  }
  const std::string url = listing.url(options_.base_url, filter);
  auto read = [this, url](std::uint64_t offset) -> result<std::vector<sources::order_facts>> {
    auto page = lanes_->read_orders(url, offset);
    if (!page) return page.error();
    listed_.begin(page->at);
    listed_.saw(page->orders);
    return std::move(page->orders);
  };
  auto list = listing.open(std::move(read), options_.folder_columns, goes_on_);
  if (!list) return list.error();
  list_ = std::move(*list);
  return {};
}

/// Where some sources have their pages is not known: only the last run says whether it was one of them.
result<void> batch_run::check_source() {
  if (!options_.pool.refresh) return {};
  const auto before = records_->last_run();
  if (!before) return {};
  const auto hidden = [this](const sources::driver* source) {
    return source != nullptr && !source->pages(options_.base_url);
  };
  const std::string_view is = to_string(instance_.driver().facts().kind);
  if (hidden(sources::find_driver(before->info.source)) == hidden(&instance_.driver())) return {};
  return other_keys("with", core::sentence("@source {}", before->info.source),
                    core::sentence("@source {}", is));
}

/// The pages of the orders that have files say where these came from.
result<void> batch_run::check_refresh() {
  const sources::driver& source = instance_.driver();
  const std::string home = sources::clean_base(options_.base_url);
  const auto area = source.pages(home);
  if (!area) return {};
  const auto elsewhere = records_->page_outside(*area);
  if (!elsewhere) return elsewhere.error();
  if (!*elsewhere) return {};
  const std::string& page = **elsewhere;
  const std::string from = sources::clean_base(page);
  if (source.facts().needs_instance && !page.empty() && from != home)
    return other_keys("from", core::sentence("@base_url {}", from), core::sentence("@base_url {}", home));
  return other_keys("with",
                    core::sentence("@source {}", to_string(sources::driver_for_page(page).facts().kind)),
                    core::sentence("@source {}", to_string(source.facts().kind)));
}

/// Which of the done orders have changed, the API says at once: asking for each costs two requests and more.
result<bool> batch_run::narrow_to_changes(const refresh_scope& scope, const refresh_facts& facts) {
  if (refused_) return false;
  if (!options_.all) {
    if (!facts.oldest) return false;
    auto noted = note_changed_orders(with_overlap(*facts.oldest), facts.orders());
    if (!noted || !*noted) return noted;
  }
  auto ended = records_->end_changes(scope, listed_.begun().value_or(std::chrono::system_clock::now()));
  if (!ended) return ended.error();
  return true;
}

/// False: the list cannot be read, or is longer than asking for each order.
result<bool> batch_run::note_changed_orders(const std::string& since, std::uint64_t most_pages) {
  const std::string url = instance_.driver().listing()->url(options_.base_url, {since, {}});
  std::string first_id;
  std::uint64_t offset = 0;
  for (std::uint64_t pages = 0; pages <= most_pages; ++pages) {
    auto page = lanes_->read_orders(url, offset);
    if (!page && (page.error().code == errc::cancelled || page.error().code == errc::session_expired))
      return page.error();
    const bool again = page && !page->orders.empty() && page->orders.front().id == first_id;
    if (again && page->orders.size() < instance_.driver().listing()->page_size()) return true;
    if (!page || again) {
      events_.on(
          event::notice{notice_level::warning,
                        fmt::format("which orders have changed cannot be listed, so each is looked at: {}",
                                    page ? "the REST API gives the same page again" : page.error().message)});
      return false;
    }
    listed_.begin(page->at);
    if (page->orders.empty()) return true;
    auto noted = records_->note_changes(changes_in(page->orders, instance_.driver()));
    if (!noted) return noted.error();
    first_id = page->orders.front().id;
    offset += page->orders.size();
  }
  return false;
}

}  // namespace pofetch::engine
