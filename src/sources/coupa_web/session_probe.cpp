#include "sources/coupa_web/session_probe.hpp"

#include "sources/coupa/base_url.hpp"
#include "sources/coupa/sign_in.hpp"
#include "sources/coupa_web/page_reader.hpp"
#include "sources/coupa_web/page_verdict.hpp"

#include <utility>

namespace pofetch::sources {

namespace {

/// Reads the beginning of the page.
class probe_sink final : public body_sink {
 public:
  result<void> begin(const http_response& head) override {
    head_ = head;
    return reader_.begin(head);
  }
  result<void> write(std::span<const std::byte> bytes) override { return reader_.write(bytes); }

  [[nodiscard]] session_state judge(const std::string& base_url) {
    const auto facts = reader_.finish();
    const int status = head_.status;
    if (leaves_instance(head_, base_url) || head_asks_to_sign_in(head_, base_url))
      return session_state::expired;
    // A firewall knows of no session.
    if (status == 403 && facts && is_of_somebody_else(head_, *facts)) return session_state::unknown;
    if (status == 403) return session_state::expired;
    if (status >= 500 || status == 429 || status == 408) return session_state::unknown;
    if (facts && facts->sign_in_form) return session_state::expired;
    return status == 200 ? session_state::alive : session_state::unknown;
  }

 private:
  page_reader reader_{{}, true};
  http_response head_;
};

}  // namespace

awaitable<result<session_state>> probe_session(transport& http, std::string base_url) {
  base_url = clean_base(base_url);
  http_request request;
  request.url = base_url + "/order_headers";
  request.fields.push_back(http_field{"Accept", "text/html,application/xhtml+xml"});
  request.urgent = true;
  request.stop_before = [base_url](std::string_view target) { return ends_a_page(target, base_url); };
  probe_sink sink;
  auto answer = co_await http.exchange(request, sink);
  if (!answer) co_return answer.error();
  co_return sink.judge(base_url);
}

}  // namespace pofetch::sources
