#include "sources/coupa_web/finder/link_verdict.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "sources/coupa/file_route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace pofetch::sources {

namespace {

using fate = link_verdict::fate;

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_ending = 5;  ///< with its dot

link_verdict ignored() { return {}; }

link_verdict listed(std::string url, std::string why_not = {}) {
  return {fate::listed, std::move(url), std::move(why_not), {}};
}

link_verdict missed(std::string id = {}) { return {fate::missed, {}, {}, std::move(id)}; }

/// Leads to something that is done with attachments.
bool is_control(std::string_view url) {
  constexpr std::array<std::string_view, 9> words{"new",    "edit",   "delete", "destroy", "remove",
                                                  "upload", "create", "update", "index"};
  return core::is_one_of(core::to_lower(core::last_path_segment(url)), words);
}

/// Leads to somebody, whose name may look like that of a file.
bool is_person(std::string_view url) {
  constexpr std::array<std::string_view, 7> pages{"/user",    "/people",   "/profile", "/supplier",
                                                  "/contact", "/employee", "/account"};
  const std::string_view path = core::path_of(url);
  return std::any_of(pages.begin(), pages.end(),
                     [path](std::string_view page) { return core::istarts_with(path, page); });
}

/// The address itself carries a file name.
bool names_a_file(std::string_view url) {
  const chosen_name name = choose_name({}, url);
  return name.how == chosen_name::quality::from_address && is_document_name(name.name);
}

bool has_ending(std::string_view url, std::string_view name) {
  const std::string_view ending = name.substr(std::min(name.size(), name.rfind('.')));
  const std::string last = core::last_path_segment(url);
  return !ending.empty() && last.size() > ending.size() &&
         core::iequals(std::string_view(last).substr(last.size() - ending.size()), ending);
}

/// A control of the page that makes a file, in contrast to one that leads to an attachment.
bool makes_a_file(std::string_view text) {
  constexpr std::array<std::string_view, 8> verbs{"export",   "print",    "save as", "download as",
                                                  "exportar", "imprimir", "drucken", "generate"};
  return std::any_of(verbs.begin(), verbs.end(),
                     [text](std::string_view verb) { return core::istarts_with(text, verb); });
}

/// How much what it says of itself looks like the name of a file.
likeness likeness_of_hints(const page_link& link) {
  const name_hints& hints = link.hints;
  const std::string_view label = name_in_label(hints.aria_label);
  likeness best = likeness::none;
  for (const std::string_view text :
       {std::string_view(hints.download), without_download_prefix(hints.title),
        label.empty() ? std::string_view(hints.aria_label) : label, std::string_view(hints.text)}) {
    best = std::max(best, likeness_of(text));
    // In a list of attachments an ending that nobody knows is one; a long one is somebody's name.
    const bool believed = link.offered || link.labelled || link.classed ||
                          (link.area != 0 && text.size() - text.rfind('.') <= longest_ending);
    if (believed && text.size() <= longest_name && is_document_name(text)) best = likeness::sure;
  }
  return best;
}

/// Where it leads is not known, or cannot be fetched.
link_verdict judge_blind(const page_link& link, likeness like) {
  constexpr std::array<std::string_view, 4> people{"mailto", "tel", "sms", "callto"};
  if (like == likeness::none) return ignored();
  if (core::is_one_of(core::to_lower(scheme_of(link.reference)), people))
    return listed({}, "an address to write to or to call, not a file");
  if (!link.claims() && (like != likeness::sure || makes_a_file(link.hints.text))) return ignored();
  return missed();
}

/// An address of the instance itself.
link_verdict judge_own(const page_link& link, const std::string& url, likeness like, bool claims,
                       bool named) {
  const std::string name = choose_name(link.hints, url).name;
  if (claims || like == likeness::sure || (named && has_ending(url, name))) return listed(url);
  if (named) return listed(url, "a link that reads like the name of a file, but is not marked as one");
  return ignored();
}

/// An address of another host.
link_verdict judge_foreign(const page_link& link, const std::string& url, bool claims, bool named) {
  const std::string shown = core::mask_url(url);
  if (claims && named) return listed(url);
  if (claims || link.item != 0) return listed(url, fmt::format("a link, not a file: {}", shown));
  if (named)
    return listed(url, fmt::format("a link to another host that is not marked as an attachment: {}", shown));
  return ignored();
}

link_verdict judge_address(const page_link& link, const page_base& base, const std::string& url,
                           likeness like) {
  const route where = route_of(url);
  if (where == route::page || is_help(url) || is_control(url)) return ignored();
  if (is_person(url) && where == route::other && !link.labelled && !link.classed) return ignored();
  const bool named = like != likeness::none || (link.claims() && names_a_file(url)) ||
                     (link.embedded && likeness_of(core::last_path_segment(url)) == likeness::sure);
  const bool claims = link.classed || ((link.claims() || link.embedded) && named);
  if (where == route::attachment || (where == route::file && !claims)) {
    // A show route leads back to the page; what it shows is missing unless its file stands elsewhere.
    const bool stands_for_one = named || link.area != 0 || where == route::file;
    return stands_for_one ? missed(attachment_id(url)) : ignored();
  }
  return base.is_own(url) ? judge_own(link, url, like, claims, named)
                          : judge_foreign(link, url, claims, named);
}

}  // namespace

link_verdict judge_link(const page_link& link, const page_base& base) {
  if (!link.url.empty()) return listed(link.url);
  if (link.in_menu && !link.labelled && !link.classed) return ignored();
  const likeness like = likeness_of_hints(link);
  const std::string_view scheme = scheme_of(link.reference);
  const bool web = scheme.empty() || core::iequals(scheme, "http") || core::iequals(scheme, "https");
  if (leads_nowhere(link.reference) || !web) return judge_blind(link, like);
  // Nearly every link of a page: nothing says that it leads to a file.
  if (like == likeness::none && !link.claims() && !link.embedded && !may_be_attachment(link.reference))
    return ignored();
  const auto url = base.resolve(link.reference);
  return url ? judge_address(link, base, *url, like) : judge_blind(link, like);
}

}  // namespace pofetch::sources
