#include "coupa-sim/site.hpp"

#include "coupa-sim/change_desk.hpp"
#include "coupa-sim/dice.hpp"
#include "coupa-sim/file_range.hpp"
#include "coupa-sim/page_writer.hpp"
#include "coupa-sim/validators.hpp"

#include <fmt/format.h>

#include <utility>

namespace coupa_sim {
namespace {

constexpr std::string_view cookie_name = "_coupa_session";

site_reply page(unsigned status, std::string body) {
  site_reply reply;
  reply.status = status;
  reply.fields = "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n";
  reply.body = std::move(body);
  return reply;
}

site_reply plain(unsigned status, std::string body, std::string_view type = "text/plain; charset=utf-8") {
  site_reply reply;
  reply.status = status;
  reply.fields = fmt::format("Content-Type: {}\r\n", type);
  reply.body = std::move(body);
  return reply;
}

site_reply redirect(const std::string& location) {
  site_reply reply = page(302, "<html><body>You are being redirected.</body></html>\n");
  reply.fields += "Location: " + location + "\r\n";
  return reply;
}

/// Value of the session cookie in a Cookie field; `count`: how many there are.
std::string_view session_value(std::string_view cookies, unsigned& count) {
  std::string_view found;
  count = 0;
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    std::string_view one = cookies.substr(0, end);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    const auto equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == cookie_name && count++ == 0) {
      found = one.substr(equals + 1);
    }
    if (end == std::string_view::npos) break;
    cookies.remove_prefix(end + 1);
  }
  return found;
}

/// The same server under its other name: what object storage is to the site.
std::string storage_authority(std::string_view host) {
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  const std::string_view name = host.substr(0, has_port ? colon : host.size());
  return std::string(name == "localhost" ? "127.0.0.1" : "localhost") +
         std::string(has_port ? host.substr(colon) : std::string_view());
}

site_reply broken_reply(fault kind) {
  site_reply reply = kind == fault::error_500 ? page(500, "<h1>We're sorry, but something went wrong.</h1>\n")
                                              : page(503, "<h1>Service temporarily unavailable</h1>\n");
  if (kind == fault::error_503) reply.fields += "Retry-After: 1\r\n";
  return reply;
}

bool wants_gzip(const site_request& request) {
  return request.accept_encoding.find("gzip") != std::string_view::npos;
}

std::uint64_t hash_of(std::string_view path) {
  std::uint64_t value = 0;
  for (const char c : path) value = mix(value ^ static_cast<unsigned char>(c));
  return value;
}

}  // namespace

site::site(const options& wanted, dataset& data, session_book& sessions, token_book& tokens, stats& seen,
           std::function<void(const std::string&)> signed_in)
    : options_(wanted),
      data_(data),
      sessions_(sessions),
      tokens_(tokens),
      stats_(seen),
      api_(wanted, data, tokens, seen),
      signed_in_(std::move(signed_in)),
      throttle_(wanted.rate, wanted.rate_burst) {}

site_reply site::answer(const site_request& request, const route& where, std::uint64_t nth) {
  if (where.where == place::control) return control(request, where);
  if (!throttle_.admit()) {
    stats_.count(&stats_snapshot::throttled);
    site_reply reply = plain(429, "Too many requests\n");
    reply.fields += "Retry-After: 1\r\n";
    return reply;
  }
  const fault broken = choose_fault(options_.seed, where.path, nth, options_.fail_percent);
  if (broken != fault::none) stats_.count(&stats_snapshot::faults);
  if (broken == fault::error_500 || broken == fault::error_503) return broken_reply(broken);

  site_reply reply;
  if (where.where == place::storage) {
    reply = storage(request, where);
  } else if (where.where == place::token) {
    reply = api_.token(request, where);
  } else if (where.where == place::api) {
    reply = api(request, where);
  } else if (where.where == place::sign_in_form) {
    reply = page(200, options_.sign_in == sign_in_style::form
                          ? sign_in_page("Oops! Your session has ended. Please sign in.")
                          : sending_itself_page("/sessions"));
  } else if (where.where == place::sso) {
    reply = sso(request);
  } else if (where.where == place::sso_back) {
    reply = sso_back(where);
  } else if (where.where == place::sessions) {
    reply = sign_in(request);
  } else {
    reply = signed_in_answer(request, where);
  }
  reply.broken = broken;
  const bool whole = reply.status == 200 && !reply.body.empty();
  if (whole && wants_gzip(request) && hash_of(where.path) % 100 < options_.gzip_percent) reply.gzip = true;
  return reply;
}

site_reply site::signed_in_answer(const site_request& request, const route& where) {
  unsigned cookies = 0;
  const std::string_view value = session_value(request.cookie, cookies);
  if (cookies > 1) stats_.count(&stats_snapshot::doubled_cookies);
  const session_book::verdict verdict = sessions_.check(value);
  if (!verdict.alive) {
    stats_.count(&stats_snapshot::signed_out);
    return signed_out(request, where);
  }
  site_reply reply;
  if (request.method != "GET" && request.method != "HEAD") {
    reply = plain(405, "Only GET and HEAD are allowed here\n");
    reply.fields += "Allow: GET, HEAD\r\n";
  } else {
    switch (where.where) {
      case place::home:
        reply = page(200, home_page());
        break;
      case place::orders:
        reply = page(200, orders_page(data_));
        break;
      case place::order:
        reply = order(request, where);
        break;
      case place::requisition:
        reply = requisition(request, where);
        break;
      case place::new_requisition:
        reply = page(200, home_page());
        break;
      case place::file:
        reply = download(request, where);
        break;
      case place::show:
        reply = redirect(fmt::format("/order_headers/{}", where.po));
        break;
      default:
        reply = page(404, not_found_page(0).page);
    }
  }
  if (!verdict.newer.empty()) reply.fields += set_cookie(verdict.newer);
  return reply;
}

site_reply site::order(const site_request& request, const route& where) const {
  const order_facts order = data_.order(where.number);
  const std::uint64_t roll = draw(options_.seed, where.number, 201);
  const std::string_view prefix = order.kind == order_kind::prefixed ? "PO" : "";
  const bool hidden = order.kind == order_kind::missing || where.prefix != prefix;
  if (hidden || order.kind == order_kind::forbidden) {
    // A PO that exists under its other form only is a plain 404: that is what makes users try that form.
    const bool other_form = order.kind == order_kind::prefixed;
    refusal no = !hidden ? forbidden_page(roll) : not_found_page(other_form ? 0 : roll);
    return page(no.status, std::move(no.page));
  }
  const std::time_t modified = order.page.revision == 0 ? order.created : order.page.when;
  return readable(request, order_page(order, options_.seed, options_.page_padding), modified);
}

/// A page that clients may ask for again by its entity-tag (a weak one, as frameworks give) or date.
site_reply site::readable(const site_request& request, std::string body, std::time_t modified) const {
  validators now;
  const page_validators style = options_.validators;
  const bool both = style == page_validators::both;
  if (both || style == page_validators::etag) now.etag = fmt::format("W/\"{:016x}\"", hash_of(body));
  if (both || style == page_validators::modified) now.modified = modified;
  site_reply reply = page(200, std::move(body));
  apply_validators(reply, request, now);
  return reply;
}

site_reply site::requisition(const site_request& request, const route& where) const {
  const auto found = data_.requisition(where.number);
  if (!found || found->requisition.broken) {
    refusal no = forbidden_page(draw(options_.seed, where.number, 202));
    return page(no.status, std::move(no.page));
  }
  const page_changes& changes = found->requisition.page;
  const std::time_t modified = changes.revision == 0 ? found->order.created : changes.when;
  return readable(request, requisition_page(found->order, found->requisition, options_.seed), modified);
}

site_reply site::download(const site_request& request, const route& where) const {
  const auto file = data_.file(where.number);
  if (!file || file->missing) return page(404, not_found_page(0).page);
  return bytes_of(request, *file);
}

site_reply site::api(const site_request& request, const route& where) {
  auto done = api_.answer(request, where);
  return done.file ? bytes_of(request, *done.file) : std::move(done.reply);
}

site_reply site::bytes_of(const site_request& request, const file_facts& file) const {
  if (!file.redirected) return file_reply(request, file);
  return redirect(fmt::format("{}/storage/{}?expires=300&signature={}", other_host(request), file.id,
                              signature(file.id)));
}

site_reply site::storage(const site_request& request, const route& where) {
  unsigned cookies = 0;
  session_value(request.cookie, cookies);
  if (cookies != 0) stats_.count(&stats_snapshot::leaked_cookies);
  if (!request.authorization.empty() || !request.api_key.empty())
    stats_.count(&stats_snapshot::leaked_tokens);
  const auto file = data_.file(where.number);
  if (!file || query_value(where.query, "signature") != signature(where.number)) {
    return plain(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>\n", "application/xml");
  }
  return file_reply(request, *file);
}

site_reply site::file_reply(const site_request& request, const file_facts& file) const {
  site_reply reply;
  reply.file = data_.content_of(file);
  reply.length = file.size;
  reply.chunked = file.chunked;
  reply.fields = fmt::format("Content-Type: {}\r\n", file.media_type);
  const std::string disposition = content_disposition(file.disposition, file.name);
  if (!disposition.empty()) reply.fields += "Content-Disposition: " + disposition + "\r\n";
  reply.gzip = wants_gzip(request) && request.range.empty() &&
               draw(options_.seed, file.id, 203) % 100 < options_.gzip_percent;
  const bool tagged = file.has_etag && !reply.gzip;
  std::string etag;
  if (tagged)
    etag = fmt::format("\"{:016x}\"", draw(options_.seed, file.id, 204 + (file.version - 1) * 1000ULL));
  apply_validators(reply, request, {etag, file.modified});
  if (!tagged || reply.status != 200) return reply;
  reply.fields += "Accept-Ranges: bytes\r\n";
  if (request.range.empty() || (!request.if_range.empty() && request.if_range != etag)) return reply;
  apply_range(reply, request.range, file.size);
  return reply;
}

site_reply site::control(const site_request& request, const route& where) {
  constexpr std::string_view json = "application/json";
  const std::string_view what = where.path.substr(std::string_view("/_sim/").size());
  if (request.method == "GET" && what == "stats") return plain(200, to_json(stats_.snapshot()), json);
  if (request.method == "GET" && what == "seconds") return plain(200, to_json(stats_.seconds()), json);
  if (request.method == "GET" && what == "requests") return plain(200, to_json(stats_.paths()), json);
  if (auto changed = change_order(data_, what, where.query, request)) return std::move(*changed);
  if (request.method != "POST") return plain(404, "There is no such control\n");
  if (what == "expire") {
    sessions_.expire();
    return plain(200, "The session is over\n");
  }
  if (what == "expire-tokens") {
    tokens_.expire();
    return plain(200, "All tokens are over\n");
  }
  if (what == "reset") {
    stats_.reset();
    return plain(200, "Statistics start anew\n");
  }
  if (what != "sign-in") return plain(404, "There is no such control\n");
  const std::string value = sessions_.sign_in();
  signed_in_(value);
  return plain(200, value + '\n');
}

site_reply site::sign_in(const site_request& request) {
  if (request.method != "POST") return redirect("/sessions/new");
  if (query_value(request.body, "user_email").empty() || query_value(request.body, "user_password").empty()) {
    return page(200, sign_in_page("Email or password is wrong."));
  }
  site_reply reply = redirect("/");
  reply.fields += set_cookie(sessions_.sign_in());
  return reply;
}

/// The company's own sign-in: a host of its own, with a cookie of its own.
site_reply site::sso(const site_request& request) const {
  if (request.method != "POST") return page(200, sending_itself_page("/sso"));
  site_reply reply = redirect(fmt::format("{}/sessions/sso?ticket={}", other_host(request), signature(1)));
  reply.fields += "Set-Cookie: _company_sso=known; path=/\r\n";
  return reply;
}

site_reply site::sso_back(const route& where) {
  if (query_value(where.query, "ticket") != signature(1)) return redirect("/sessions/new");
  site_reply reply = redirect("/");
  reply.fields += set_cookie(sessions_.sign_in());
  return reply;
}

std::string site::other_host(const site_request& request) const {
  return fmt::format("{}://{}", options_.plain_http ? "http" : "https", storage_authority(request.host));
}

site_reply site::signed_out(const site_request& request, const route& where) const {
  if (options_.sign_in == sign_in_style::sso) return redirect(other_host(request) + "/sso");
  const std::string form = sign_in_page("Oops! Your session has ended. Please sign in.");
  if (options_.expiry == expiry_style::form) return page(200, form);
  if (options_.expiry == expiry_style::unauthorized) return page(401, "<h1>Please sign in</h1>\n");
  return redirect("/sessions/new?return_to=" + percent_encode(where.path));
}

std::string site::set_cookie(const std::string& value) const {
  return fmt::format("Set-Cookie: {}={}; path=/;{} HttpOnly; SameSite=Lax\r\n", cookie_name, value,
                     options_.plain_http ? "" : " secure;");
}

std::string site::signature(std::uint64_t id) const {
  return fmt::format("{:016x}", draw(options_.seed, id, 205));
}

}  // namespace coupa_sim
