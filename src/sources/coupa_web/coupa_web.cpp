#include "sources/coupa_web/coupa_web.hpp"

#include "async/retry.hpp"
#include "async/task_group.hpp"
#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
#include "core/status_failure.hpp"
#include "core/url.hpp"
#include "core/validator.hpp"
#include "sources/coupa/base_url.hpp"
#include "sources/coupa/discovery_union.hpp"
#include "sources/coupa/sign_in.hpp"
#include "sources/coupa_web/page_reader.hpp"
#include "sources/coupa_web/session_probe.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace asio = boost::asio;

namespace {

/// The forms with a prefix that are worth a try: the one in the list, else those in use.
std::vector<std::string> prefixes_of(const purchase_order& po) {
  if (!po.prefix.empty()) return {po.prefix};
  return {"PO", "PM"};
}

/// The server's last word on a form of address, in contrast to a transient failure.
bool is_final_answer(const failure& why) {
  const bool client_error = why.code == errc::http_status && why.http_status < 500 &&
                            why.http_status != 403 && !core::is_transient(why);
  return why.code == errc::not_found || why.code == errc::unexpected_content || client_error;
}

failure with_label(failure why, const page_query& asked) {
  const std::string label = label_of(asked);
  if (!why.message.starts_with(label)) why.message = fmt::format("{}: {}", label, why.message);
  return why;
}

/// Takes the attachments of a page, and notes what could not be read of it. `label` names the page.
void add_page(discovery_union& into, page_facts&& facts, std::string_view label) {
  for (auto& each : facts.attachments) {
    const auto note = facts.notes.find(each.key);
    into.add(std::move(each), note == facts.notes.end() ? attachment_note{} : std::move(note->second));
  }
  if (!facts.not_understood.empty())
    into.note(make_failure(
        errc::unexpected_content,
        fmt::format("{}: the page shows '{}' as an attachment, but without an address that is understood.",
                    label, quote_for_message(facts.not_understood.front()))));
  if (facts.too_many_attachments)
    into.note(make_failure(errc::too_large,
                           fmt::format("{}: the page lists more than {} attachments; the rest is left out.",
                                       label, attachment_finder::most_attachments)));
  if (facts.too_many_requisitions)
    into.note(make_failure(
        errc::too_large, fmt::format("{}: the page links to more than {} requisitions; the rest is left out.",
                                     label, coupa_page::most_requisitions)));
}

}  // namespace

coupa_web::coupa_web(transport& http, clock& time, coupa_web_options options, progress& events)
    : http_(http),
      time_(time),
      options_(std::move(options)),
      events_(events),
      retry_(options_.retry, options_.seed) {
  options_.base_url = clean_base(options_.base_url);
}

awaitable<result<discovery>> coupa_web::discover(const purchase_order& po) {
  auto order = co_await find_order(po);
  if (!order) co_return order.error();
  co_return co_await discover_from(po, std::move(*order));
}

awaitable<result<discovery>> coupa_web::discover_from(const purchase_order& po, page order) {
  discovery_union all(order.head.url, order.facts.supplier);
  requisitions linked;
  for (const auto& link : order.facts.requisitions)
    linked.queries.push_back(page_query{page_query::kind::requisition, link.number, link.url, po.number, {}});
  add_page(all, std::move(order.facts), fmt::format("PO {}", po.number));
  std::vector<page_mark> pages;
  pages.push_back(mark_of(order));
  co_await read_all(linked);
  for (std::size_t i = 0; i < linked.pages.size(); ++i) {
    auto& read = linked.pages[i];
    if (!read) continue;
    if (*read) {
      pages.push_back(mark_of(**read));
      add_page(all, std::move((*read)->facts), label_of(linked.queries[i]));
      continue;
    }
    if (read->error().code == errc::session_expired) co_return read->error();
    all.note(read->error());
  }
  discovery found = all.finish();
  const bool all_marked = std::all_of(pages.begin(), pages.end(), [](const page_mark& one) {
    return !one.validator.empty() && core::mask_url(one.url) == one.url;
  });
  if (all_marked) found.pages = std::move(pages);
  co_return found;
}

awaitable<result<discovery>> coupa_web::discover_again(const purchase_order& po,
                                                       const std::vector<page_mark>& pages) {
  for (const page_mark& mark : pages) {
    page_query asked{page_query::kind::purchase_order, po.number, mark.url, po.number, mark.validator};
    const bool is_order = &mark == &pages.front();
    if (!is_order) asked.what = page_query::kind::requisition;
    auto read = co_await read_page(asked);
    if (read && read->unchanged) continue;
    // A page that has changed is at hand already; what cannot be read this way may be in another.
    if (is_order && read) co_return co_await discover_from(po, std::move(*read));
    if (!read && !is_final_answer(read.error())) co_return read.error();
    co_return co_await discover(po);
  }
  discovery found;
  found.unchanged = true;
  co_return found;
}

awaitable<result<coupa_web::page>> coupa_web::find_order(const purchase_order& po) {
  if (!core::all_digits(po.number))
    co_return make_failure(errc::input,
                           "The number of a purchase order in Coupa is digits, optionally after PO or PM.");
  const page_query bare = order_query(po, {});
  auto first = co_await read_page(bare);
  if (first || !core::is_plain_missing(first.error())) co_return first;
  const std::vector<std::string> prefixes = prefixes_of(po);
  for (const auto& prefix : prefixes) {
    const page_query prefixed = order_query(po, prefix);
    auto next = co_await read_page(prefixed);
    if (next || !is_final_answer(next.error())) co_return next;
  }
  co_return first;
}

awaitable<result<coupa_web::page>> coupa_web::read_page(const page_query& asked) {
  auto attempt = [this, &asked] { return try_page(asked); };
  auto notify = [this](const failure& why, std::chrono::milliseconds delay) {
    events_.on(event::retrying{options_.worker, why, delay});
  };
  co_return co_await async::with_retries(time_, retry_, attempt, notify);
}

awaitable<result<coupa_web::page>> coupa_web::try_page(const page_query& asked) {
  const http_request request = request_for(asked);
  page_reader reader(asked.number);
  auto answer = co_await http_.exchange(request, reader);
  if (!answer) co_return with_label(answer.error(), asked);
  page whole;
  whole.asked = asked;
  constexpr int not_modified = 304;
  whole.unchanged = !asked.validator.empty() && answer->status == not_modified &&
                    core::compare(*answer, asked.validator) != core::sameness::other;
  if (whole.unchanged) co_return whole;
  auto facts = reader.finish();
  if (!facts) co_return with_label(facts.error(), asked);
  auto verdict = judge_page(asked, *answer, *facts, options_.base_url, time_.wall());
  if (!verdict) {
    auto why = co_await weigh(verdict.error(), asked, *answer);
    co_return why;
  }
  whole.head = std::move(*answer);
  whole.facts = std::move(*facts);
  co_return whole;
}

/// What the verdict means beyond the page at hand.
awaitable<failure> coupa_web::weigh(failure why, const page_query& asked, const http_response& head) {
  if (why.code == errc::http_status && why.http_status == 403) http_.spare(asked.url);
  const bool elsewhere = why.code == errc::session_expired && leaves_instance(head, options_.base_url) &&
                         !head_asks_to_sign_in(head, options_.base_url);
  if (!elsewhere) co_return why;
  // Not every address shows that it is where users sign in. If the session holds, it is not there.
  auto state = co_await probe_session(http_, options_.base_url);
  if (!state || *state == session_state::expired) co_return why;
  co_return leads_elsewhere(asked, head);
}

awaitable<> coupa_web::read_all(requisitions& work) {
  work.pages.resize(work.queries.size());
  if (work.queries.size() <= 1) {
    co_await read_some(work);
    co_return;
  }
  auto executor = co_await asio::this_coro::executor;
  async::task_group readers(executor);
  for (std::size_t i = 0; i < std::min(work.queries.size(), most_at_once); ++i)
    readers.spawn(read_some(work));
  const bool whole = co_await readers.join();
  if (!whole) throw boost::system::system_error(asio::error::operation_aborted);
}

awaitable<> coupa_web::read_some(requisitions& work) {
  while (work.next < work.queries.size() && !work.stop) {
    const std::size_t mine = work.next++;
    auto read = co_await read_page(work.queries[mine]);
    if (!read && read.error().code == errc::session_expired) work.stop = true;
    work.pages[mine].emplace(std::move(read));
  }
}

page_mark coupa_web::mark_of(const page& read) const {
  return {read.asked.url, core::validator_of(read.head, time_.wall())};
}

page_query coupa_web::order_query(const purchase_order& po, std::string_view prefix) const {
  return {page_query::kind::purchase_order,
          po.number,
          fmt::format("{}/order_headers/{}{}", options_.base_url, core::encode_component(prefix), po.number),
          po.number,
          {}};
}

http_request coupa_web::request_for(const page_query& asked) const {
  http_request made;
  made.url = asked.url;
  made.fields.push_back(http_field{"Accept", "text/html,application/xhtml+xml"});
  if (!asked.validator.empty()) made.fields.push_back(core::condition_of(asked.validator));
  made.urgent = true;
  made.max_body = options_.max_page_size;
  made.stop_before = [base = options_.base_url](std::string_view target) {
    return ends_a_page(target, base);
  };
  return made;
}

bool coupa_web::is_sign_in_url(std::string_view url) const {
  return is_own_sign_in_address(url, options_.base_url);
}

bool coupa_web::looks_like_sign_in(std::string_view url) const {
  return is_sign_in_address(url, options_.base_url);
}

bool coupa_web::asks_to_sign_in(const http_response& head, std::string_view first_bytes,
                                bool page_expected) const {
  const bool own = core::same_origin(head.url, options_.base_url);
  if (own && head.status == 401) return true;
  if (is_sign_in_url(head.url) || is_sign_in_url(redirect_target(head)) || has_sign_in_form(first_bytes))
    return true;
  if (page_expected || core::istarts_with(core::trim(head.field("Content-Disposition")), "attachment"))
    return false;
  const bool html = core::is_html_type(head.field("Content-Type")) || core::looks_like_html(first_bytes);
  return html && (is_sign_in_address(head.url, options_.base_url) || asks_for_password(first_bytes));
}

}  // namespace pofetch::sources
