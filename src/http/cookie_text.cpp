#include "http/cookie_text.hpp"

#include "core/ascii.hpp"
#include "core/idn.hpp"
#include "http/cookie_json.hpp"
#include "http/cookie_lines.hpp"
#include "http/set_cookie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace pofetch::http {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

result<cookie_listing> list_cookies(std::string_view text, std::string_view shown,
                                    const core::origin* instance) {
  // Further on it spoils one cookie.
  if (text.substr(0, 2).find('\0') != std::string_view::npos)
    return make_failure(errc::config, fmt::format("cookie file {} is not text in UTF-8: it holds zero bytes "
                                                  "(saved as UTF-16?); export it again",
                                                  shown));
  const std::string_view content = core::trim(text);
  const bool json = content.starts_with('[') || content.starts_with('{');
  if (!json) return list_cookie_lines(text);
  return list_json_cookies(text, shown, instance == nullptr ? std::string_view() : instance->host);
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

/// Would it be sent to the instance, if it could be sent at all?
bool is_for(const cookie_entry& entry, const core::origin* instance) {
  if (instance == nullptr) return false;
  const bool below = !entry.what.host_only || entry.broken;
  return entry.what.domain == instance->host || (below && domain_matches(instance->host, entry.what.domain));
}

std::string identity_of(const cookie& c) { return fmt::format("{}\n{}\n{}", c.name, c.domain, c.path); }

/// Browsers send it on pages of another site only.
bool is_of_other_site(const cookie_entry& entry, const core::origin* instance) {
  if (entry.partition.empty()) return false;
  return !domain_matches(instance == nullptr ? entry.what.domain : instance->host, entry.partition);
}

failure bad_entry(std::string_view shown, const cookie_entry& entry) {
  return make_failure(errc::config, fmt::format("cookie file {}, {}: {}", shown, entry.place, entry.defect));
}

std::string left_out(std::string_view shown, const cookie_entry& first, std::size_t count) {
  const std::string who =
      count > 1 ? fmt::format("{} and {} more are", first.place, count - 1) : first.place + " is";
  return fmt::format("cookie file {}: {} left out: {}", shown, who, first.defect);
}

/// Which of the entries browsers would send. Of twins the last one, but none that is kept for the site's own
/// pages where there is one for all.
std::vector<bool> which_count(const cookie_listing& all, const core::origin* instance) {
  std::vector<bool> counts(all.entries.size(), false);
  std::unordered_map<std::string, std::size_t> newest;
  for (std::size_t i = 0; i < all.entries.size(); ++i) {
    const cookie_entry& each = all.entries[i];
    if (!each.defect.empty() || is_of_other_site(each, instance)) continue;
    const auto [twin, alone] = newest.try_emplace(identity_of(each.what), i);
    const bool kept_apart = !each.partition.empty();
    if (!alone && kept_apart && all.entries[twin->second].partition.empty()) continue;
    counts[twin->second] = false;
    counts[i] = true;
    twin->second = i;
  }
  return counts;
}

/// Puts a text together again from what stands between its cookies, and what becomes of them.
class text_mender {
 public:
  text_mender(std::string_view text, const cookie_listing& all) : text_(text), all_(all) {}

  /// The next entry, as it will be; empty: it is left out.
  void put(const cookie_entry& entry, std::string_view becomes) {
    const std::string_view gap = text_.substr(at_, entry.begin - at_);
    // Between two JSON values stands their comma; between two lines perhaps a comment.
    const bool lines = all_.form == cookie_form::netscape;
    const bool before_all = at_ == 0;
    if (lines || before_all || (any_ && !becomes.empty())) out_ += gap;
    out_ += becomes;
    any_ = any_ || !becomes.empty();
    at_ = entry.end;
  }

  void add(std::string_view fresh) {
    if (at_ < all_.open) {
      out_ += text_.substr(at_, all_.open - at_);
      at_ = all_.open;
    }
    if (all_.form == cookie_form::netscape) {
      if (!out_.empty() && !out_.ends_with('\n')) out_ += '\n';
    } else if (any_) {
      out_ += ", ";
    }
    out_ += fresh;
    any_ = true;
  }

  [[nodiscard]] std::string take() { return std::move(out_) + std::string(text_.substr(at_)); }

 private:
  std::string_view text_;
  const cookie_listing& all_;
  std::string out_;
  std::size_t at_ = 0;
  bool any_ = false;  ///< a value stands before
};

std::string renewed_entry(std::string_view old, const cookie& now, cookie_form form) {
  if (form == cookie_form::json_map) return json_pair(now);
  if (form == cookie_form::json_list) return renewed_json_cookie(old, now);
  std::string line = cookie_line(now);
  if (old.ends_with("\r\n")) line.insert(line.size() - 1, "\r");
  return line;
}

std::string new_entry(std::string_view like, const cookie& made, cookie_form form) {
  if (form == cookie_form::json_map) return json_pair(made);
  return form == cookie_form::json_list ? new_json_cookie(like, made) : cookie_line(made);
}

}  // namespace

result<cookie_reading> parse_cookie_text(std::string_view text, std::string_view shown,
                                         const core::origin* instance) {
  const auto all = list_cookies(without_mark(text), shown, instance);
  if (!all) return all.error();
  cookie_reading made;
  bool any_own = false;
  const std::vector<bool> counts = which_count(*all, instance);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!counts[i]) continue;
    any_own = any_own || instance == nullptr || is_for(all->entries[i], instance);
    made.cookies.push_back(all->entries[i].what);
  }
  const cookie_entry* first = nullptr;
  std::size_t count = 0;
  for (const cookie_entry& each : all->entries) {
    if (each.defect.empty() || is_of_other_site(each, instance)) continue;
    const bool own = is_for(each, instance);
    // Whose it is cannot be told where not even the domain shows.
    const bool maybe_own = own || each.what.domain.empty();
    if ((own && each.broken) || (maybe_own && !any_own) || made.cookies.empty())
      return bad_entry(shown, each);
    if (count++ == 0) first = &each;
  }
  if (made.cookies.empty())
    return make_failure(errc::config, fmt::format("cookie file {} holds no cookie", shown));
  if (first != nullptr) made.warning = left_out(shown, *first, count);
  return made;
}

std::string format_cookie_text(std::span<const cookie> cookies) {
  std::string text =
      "# Netscape HTTP Cookie File\n# Written by pofetch. Keep it secret: it is a sign-in.\n\n";
  for (const cookie& c : cookies) text += cookie_line(c);
  return text;
}

std::string renewed_cookie_text(std::string_view text, std::span<const cookie> now,
                                const core::origin* instance) {
  const std::string_view body = without_mark(text);
  const auto all = list_cookies(body, {}, instance);
  if (!all || core::trim(body).empty()) return format_cookie_text(now);
  const std::vector<bool> counts = which_count(*all, instance);
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < now.size(); ++i) places.emplace(identity_of(now[i]), i);
  std::vector<bool> written(now.size(), false);
  text_mender mended(body, *all);
  std::string_view like;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const cookie_entry& each = all->entries[i];
    const std::string_view old = body.substr(each.begin, each.end - each.begin);
    const auto found = places.find(identity_of(each.what));
    if (counts[i]) like = old;
    if (!counts[i]) {
      mended.put(each, old);
    } else if (found == places.end()) {
      mended.put(each, {});
    } else {
      const cookie& fresh = now[found->second];
      written[found->second] = true;
      mended.put(each, fresh == each.what ? std::string(old) : renewed_entry(old, fresh, all->form));
    }
  }
  for (std::size_t i = 0; i < now.size(); ++i)
    if (!written[i]) mended.add(new_entry(like, now[i], all->form));
  const std::string mark(text.substr(0, text.size() - body.size()));
  return mark + mended.take();
}

result<std::vector<cookie>> cookies_from_header(std::string_view header, std::string_view host) {
  constexpr std::string_view label = "Cookie:";
  if (core::istarts_with(core::trim(header), label)) header = core::trim(header).substr(label.size());
  std::vector<cookie> cookies;
  for (const std::string_view piece : core::split(header, ';')) {
    const std::string_view pair = core::trim(piece);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    cookie made;
    made.domain = core::ascii_host(host);
    made.name = core::trim(pair.substr(0, equals));
    if (equals != std::string_view::npos) made.value = core::trim(pair.substr(equals + 1));
    const std::string why = equals == std::string_view::npos ? "it has no '='" : cookie_defect(made);
    if (!why.empty())
      return make_failure(
          errc::config, fmt::format("cookie {} of the Cookie header cannot be used: {} (expected: a=b; c=d)",
                                    cookies.size() + 1, why));
    cookies.push_back(std::move(made));
  }
  if (cookies.empty())
    return make_failure(errc::config, "the Cookie header holds no cookie (expected: a=b; c=d)");
  return cookies;
}

}  // namespace pofetch::http
