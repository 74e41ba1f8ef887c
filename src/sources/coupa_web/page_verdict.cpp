#include "sources/coupa_web/page_verdict.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
#include "core/refusal.hpp"
#include "core/status_failure.hpp"
#include "core/url.hpp"
#include "sources/coupa/sign_in.hpp"
#include "sources/html/page_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pofetch::sources {

namespace {

using kind = page_query::kind;

std::string_view thing(const page_query& asked) {
  return asked.what == kind::purchase_order ? "purchase order" : "requisition";
}

/// `leads_to`: a redirect that was not followed; empty: there was none.
failure expired(const page_query& asked, const http_response& head, std::string_view sign,
                std::string_view leads_to = {}) {
  const std::string to =
      leads_to.empty() ? std::string() : fmt::format(", which leads to {},", core::mask_url(leads_to));
  return make_failure(errc::session_expired,
                      fmt::format("{}: signing in is needed: {}{} came in place of the page, at {}.",
                                  label_of(asked), sign, to, core::mask_url(head.url)));
}

failure missing(const page_query& asked, const http_response& head) {
  failure made =
      make_failure(errc::not_found, fmt::format("{}: the system says that there is no such {}, at {}.",
                                                label_of(asked), thing(asked), core::mask_url(head.url)));
  made.http_status = 404;
  return made;
}

failure forbidden(const page_query& asked, const http_response& head) {
  failure made = make_failure(errc::not_found,
                              fmt::format("{}: the system says that this user may not see this {}, at {}.",
                                          label_of(asked), thing(asked), core::mask_url(head.url)));
  made.http_status = 403;
  return made;
}

/// Does the instance itself speak? What stands in between does not know its name or its session.
bool is_of_instance(const http_response& head, const page_facts& facts) {
  static constexpr std::string_view name = "coupa";
  if (core::ifind(facts.title, name) != std::string_view::npos) return true;
  return std::any_of(head.fields.begin(), head.fields.end(), [](const http_field& each) {
    return core::iequals(each.name, "Set-Cookie") &&
           core::ifind(each.value.substr(0, each.value.find('=')), name) != std::string_view::npos;
  });
}

/// Does a refusal mean that this user may not see it? Who has had enough of requests refuses, too.
bool is_about_rights(const http_response& head, const page_facts& facts) {
  if (is_of_instance(head, facts)) return true;
  if (is_of_somebody_else(head, facts)) return false;
  const std::string_view media_type = head.field("Content-Type");
  return facts.says_not_authorized ||
         (facts.bare_refusal && (media_type.empty() || core::is_html_type(media_type)));
}

/// The answer in words.
std::string describe(const http_response& head, const page_facts& facts) {
  const std::string_view media_type = head.field("Content-Type");
  if (!media_type.empty() && !core::is_html_type(media_type))
    return fmt::format("content of type {}", quote_for_message(media_type, 60));
  if (facts.empty) return "an empty page";
  if (facts.title.empty()) return "a page without a title";
  return fmt::format("a page titled '{}'", quote_for_message(facts.title));
}

failure unexpected(const page_query& asked, const http_response& head, std::string_view came) {
  return make_failure(errc::unexpected_content,
                      fmt::format("{}: the page of this {} was expected, but {} came, at {}.",
                                  label_of(asked), thing(asked), came, core::mask_url(head.url)));
}

/// A 403 that is no answer of the instance.
failure refused_by_another(const page_query& asked, const http_response& head, const page_facts& facts) {
  const std::string server = quote_for_message(head.field("Server"), 60);
  failure made = make_failure(
      errc::http_status,
      fmt::format("{}: 403 Forbidden came in place of the page, with {}{}, at {}. {}", label_of(asked),
                  describe(head, facts), server.empty() ? "" : fmt::format(" (Server: {})", server),
                  core::mask_url(head.url), core::go_between_advice()));
  made.http_status = 403;
  return made;
}

std::optional<failure> judge_session(const page_query& asked, const http_response& head,
                                     const page_facts& facts, std::string_view base_url) {
  if (head.status == 401) return expired(asked, head, "a refusal (401)");
  const std::string target = redirect_target(head);
  if (head_asks_to_sign_in(head, base_url))
    return expired(asked, head, target.empty() ? "a sign-in page" : "a redirect to a sign-in page", target);
  if (leaves_instance(head, base_url)) return expired(asked, head, "a redirect to another host", target);
  const bool busy = head.status == 408 || head.status == 425 || head.status == 429 || head.status >= 500;
  if (facts.sign_in_form && !busy) return expired(asked, head, "a sign-in form");
  return std::nullopt;
}

std::optional<failure> judge_status(const page_query& asked, const http_response& head,
                                    const page_facts& facts, std::chrono::system_clock::time_point now) {
  const int status = head.status;
  if (status == 200) return std::nullopt;
  if (status == 403 && !is_about_rights(head, facts)) return refused_by_another(asked, head, facts);
  const bool denied = facts.says_not_authorized && !facts.says_not_found && !is_of_somebody_else(head, facts);
  if (status == 403 || (status == 404 && denied)) return forbidden(asked, head);
  if (status == 404 || status == 410) return missing(asked, head);
  if (status >= 300 && status < 400)
    return unexpected(asked, head, fmt::format("a redirect (status {}) that leads nowhere", status));
  if (status > 200 && status < 300)
    return unexpected(asked, head, fmt::format("an answer of status {}", status));
  return core::failure_for_response(head, label_of(asked), now);
}

std::optional<failure> judge_content(const page_query& asked, const http_response& head,
                                     const page_facts& facts) {
  const bool is_order = asked.what == kind::purchase_order;
  const bool sure = is_order ? facts.has_top_form && facts.is_wanted : facts.files > 0;
  if (sure) return std::nullopt;
  if (is_order && facts.has_top_form && !facts.numbers.empty())
    return unexpected(asked, head, fmt::format("the page of PO {}", fmt::join(facts.numbers, " or ")));
  if (facts.says_not_found) return missing(asked, head);
  if (facts.says_not_authorized && !is_of_somebody_else(head, facts)) return forbidden(asked, head);
  if (is_order ? facts.is_wanted : facts.mentions_wanted) return std::nullopt;
  if (is_order && facts.has_top_form) return unexpected(asked, head, "a page of an order without its number");
  return unexpected(asked, head, describe(head, facts));
}

}  // namespace

bool is_of_somebody_else(const http_response& head, const page_facts& facts) {
  return !is_of_instance(head, facts) && (facts.of_go_between || core::is_of_go_between(head));
}

bool leaves_instance(const http_response& head, std::string_view base_url) {
  const std::string target = redirect_target(head);
  return (!target.empty() && !core::same_origin(target, base_url)) || !core::same_origin(head.url, base_url);
}

failure leads_elsewhere(const page_query& asked, const http_response& head) {
  return unexpected(asked, head,
                    fmt::format("a redirect (status {}) to another host, {}, while the session holds,",
                                head.status, core::mask_url(redirect_target(head))));
}

std::string label_of(const page_query& asked) {
  if (asked.what == kind::purchase_order) return fmt::format("PO {}", asked.po_number);
  return fmt::format("PO {}, requisition {}", asked.po_number, asked.number);
}

result<void> judge_page(const page_query& asked, const http_response& head, const page_facts& facts,
                        std::string_view base_url, std::chrono::system_clock::time_point now) {
  if (auto why = judge_session(asked, head, facts, base_url)) return *std::move(why);
  if (auto why = judge_status(asked, head, facts, now)) return *std::move(why);
  if (auto why = judge_content(asked, head, facts)) return *std::move(why);
  if (facts.files == 0 && facts.attachment_markup_seen)
    return unexpected(asked, head, "a page with attachments in a form that is not understood");
  return {};
}

}  // namespace pofetch::sources
