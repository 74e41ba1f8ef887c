#include "sources/coupa_api/api_client.hpp"

#include "async/retry.hpp"
#include "core/ascii.hpp"
#include "core/http_date.hpp"
#include "sources/coupa/base_url.hpp"

#include <fmt/format.h>

#include <utility>

namespace pofetch::sources {

namespace json = boost::json;

namespace {

failure with_label(failure why, const api_query& asked) {
  if (!why.message.starts_with(asked.label)) why.message = fmt::format("{}: {}", asked.label, why.message);
  return why;
}

}  // namespace

api_client::api_client(transport& http, clock& time, api_client_options options, progress& events)
    : http_(http),
      time_(time),
      options_(std::move(options)),
      events_(events),
      retry_(options_.retry, options_.seed) {
  options_.base_url = clean_base(options_.base_url);
}

awaitable<result<json::value>> api_client::get(const api_query& asked) {
  auto attempt = [this, &asked] { return try_once(asked); };
  auto notify = [this](const failure& why, std::chrono::milliseconds delay) {
    events_.on(event::retrying{options_.worker, why, delay});
  };
  co_return co_await async::with_retries(time_, retry_, attempt, notify);
}

awaitable<result<json::value>> api_client::try_once(const api_query& asked) {
  const http_request request = api_request(asked, options_.base_url, options_.max_answer);
  json_body body;
  auto answer = co_await http_.exchange(request, body);
  if (!answer) co_return with_label(answer.error(), asked);
  if (const auto date = core::parse_http_date(core::trim(answer->field("Date")), time_.wall()))
    server_time_ = date;
  auto judged = judge_answer(asked, *answer, body, options_.base_url, time_.wall());
  if (!judged && judged.error().code == errc::http_status && judged.error().http_status == 403)
    http_.spare(asked.url);
  co_return judged;
}

awaitable<result<void>> api_client::list(const api_query& asked, const visitor& visit) {
  std::size_t offset = 0;
  for (std::size_t page = 0; page < most_pages; ++page) {
    const char joint = asked.url.find('?') == std::string::npos ? '?' : '&';
    api_query part = asked;
    part.url = fmt::format("{}{}limit={}&offset={}", asked.url, joint, page_size, offset);
    auto answer = co_await get(part);
    if (!answer) co_return answer.error();
    const json::array* const elements = answer->if_array();
    if (elements == nullptr) co_return wrong_shape(part, "a list");
    if (elements->empty()) co_return result<void>{};
    bool any_new = false;
    for (const auto& each : *elements) any_new = visit(each) || any_new;
    if (!any_new && elements->size() < page_size) co_return result<void>{};
    if (!any_new)
      co_return make_failure(errc::unexpected_content,
                             fmt::format("{}: the REST API gives the same full page again, so that the rest "
                                         "of the list cannot be read",
                                         asked.label));
    offset += elements->size();
  }
  co_return make_failure(
      errc::too_large,
      fmt::format("{}: the list has more than {} pages; the rest is left out", asked.label, most_pages));
}

}  // namespace pofetch::sources
