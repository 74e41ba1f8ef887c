#include "sources/coupa_web/attachment_finder.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "sources/coupa/file_route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::size_t most_not_understood = 16;
constexpr std::size_t longest_shown = 255;
constexpr std::size_t longest_ending = 5;  ///< with its dot

/// Menus and help lead to files that are nobody's attachment.
bool is_menu(const html_element& element) {
  if (element.name == "nav" || element.name == "footer") return true;
  const std::string_view role = element.get("role");
  return role == "navigation" || role == "menu" || role == "menubar" || role == "menuitem";
}

bool is_help(std::string_view url) {
  const std::string_view path = core::path_of(url);
  return core::istarts_with(path, "/help") || core::istarts_with(path, "/support");
}

/// Leads to something that is done with attachments.
bool is_control(std::string_view url) {
  constexpr std::array<std::string_view, 9> words{"new",    "edit",   "delete", "destroy", "remove",
                                                  "upload", "create", "update", "index"};
  return core::is_one_of(core::to_lower(core::last_path_segment(url)), words);
}

/// What is loaded for the page itself, and leads a reader nowhere.
bool is_furniture(std::string_view element) {
  constexpr std::array<std::string_view, 6> names{"link", "script", "style", "base", "meta", "use"};
  return core::is_one_of(element, names);
}

/// A picture of somebody, or of nothing.
bool is_decoration(const html_element& element) {
  if (element.name != "img") return false;
  constexpr std::array<std::string_view, 4> words{"avatar", "logo", "icon", "profile"};
  return std::any_of(words.begin(), words.end(), [&element](std::string_view word) {
    return core::ifind(element.get("class"), word) != std::string_view::npos ||
           core::ifind(element.get("alt"), word) != std::string_view::npos;
  });
}

/// Markup within a word: `plan<wbr>_b.pdf`.
bool is_within_word(std::string_view element) {
  constexpr std::array<std::string_view, 7> names{"wbr", "b", "i", "u", "em", "strong", "mark"};
  return core::is_one_of(element, names);
}

bool is_script(std::string_view attribute) {
  return attribute.starts_with("on") || attribute.find("click") != std::string_view::npos;
}

/// Attributes that never hold an address.
bool is_plain_text(std::string_view attribute) {
  constexpr std::array<std::string_view, 9> names{"class", "id",    "title",       "alt",    "style",
                                                  "name",  "value", "placeholder", "content"};
  return attribute.starts_with("aria-") || (attribute != "value" && core::is_one_of(attribute, names));
}

/// `data-url`, `data-href`, `data-download-link`: an attribute that leads somewhere with the help of a
/// script.
bool is_data_address(std::string_view attribute) {
  if (!attribute.starts_with("data-")) return false;
  constexpr std::array<std::string_view, 3> words{"url", "href", "link"};
  return std::any_of(words.begin(), words.end(), [attribute](std::string_view word) {
    return attribute.find(word) != std::string_view::npos;
  });
}

bool acts_as_button(const html_element& element) {
  const std::string_view role = element.get("role");
  return element.name == "button" || role == "button" || role == "link";
}

/// `javascript` of `javascript:open()`; empty for a reference without a scheme.
std::string_view scheme_of(std::string_view reference) noexcept {
  const auto end = reference.find_first_of(":/?#");
  return end == std::string_view::npos || reference[end] != ':' ? std::string_view{}
                                                                : reference.substr(0, end);
}

bool leads_nowhere(std::string_view reference) noexcept {
  return reference.empty() || reference.front() == '#';
}

/// What a link names, in place of its address.
std::string embedded_address(const html_element& element) {
  if (element.name == "object") return std::string(element.get("data"));
  if (element.name == "embed" || element.name == "iframe") return std::string(element.get("src"));
  return {};
}

/// The address as it is written on the element; empty: none that could be used without knowing its scripts.
std::string reference_of(const html_element& element) {
  const std::string_view href = core::trim(element.get("href"));
  const bool script = core::iequals(scheme_of(href), "javascript");
  if (!leads_nowhere(href) && !script) return std::string(href);
  for (const auto& attribute : element.attributes)
    if (is_data_address(attribute.name) && !leads_nowhere(core::trim(attribute.value)))
      return std::string(core::trim(attribute.value));
  for (const auto& attribute : element.attributes)
    if (is_script(attribute.name))
      if (auto quoted = quoted_address(attribute.value)) return std::move(*quoted);
  if (script)
    if (auto quoted = quoted_address(core::decode_percent(href))) return std::move(*quoted);
  return embedded_address(element);
}

/// Would it lead somewhere with a script that is not understood?
bool is_blind_link(const html_element& element) {
  static constexpr std::array<std::string_view, 4> presses{"click", "mousedown", "pointerdown", "touch"};
  constexpr std::array<std::string_view, 6> wide{"html", "body", "main", "form", "table", "tbody"};
  if (element.find("href") || element.find("download") || acts_as_button(element)) return true;
  return !core::is_one_of(element.name, wide) &&
         std::any_of(element.attributes.begin(), element.attributes.end(),
                     [](const html_attribute& attribute) {
                       return is_script(attribute.name) && core::holds_one_of(attribute.name, presses);
                     });
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

/// Takes `value` if there is nothing yet, or nothing that looks like a file name.
void offer(std::string& hint, std::string_view value, std::string_view core_of_value,
           std::string_view core_of_hint) {
  constexpr std::size_t most = 2048;
  if (value.empty() || value.size() > most) return;
  if (hint.empty() || (!looks_like_file_name(core_of_hint) && looks_like_file_name(core_of_value)))
    hint = value;
}

}  // namespace

void attachment_finder::element_started(const html_element& element) {
  depth_ = element.depth;
  if (menu_depth_ == 0 && is_menu(element)) menu_depth_ = element.depth;
  if (!open_.empty() && !is_within_word(element.name)) open_.back().text.separate();
  const bool near = near_link(element.depth);
  markup_.element_started(element, links_, near || element.find("href"));
  auto made = link_of(element);
  // What stands within a link belongs to that link, unless it leads elsewhere itself.
  const bool inside = near && (!open_.back().url.empty() || (made && made->reference.empty()));
  if (made && (!inside || (!made->url.empty() && element.name != "img"))) {
    made->depth = element.depth;
    made->place = links_++;
    open_.push_back(std::move(*made));
  }
  const std::string_view named = name_in_label(element.get("aria-label"));
  if (near_link(element.depth)) {
    take_hints(open_.back(), element);
    if (!named.empty()) open_.back().labelled = true;
  } else if (looks_like_file_name(named) && !within_file()) {
    markup_.mention(links_, collapse_space(named, longest_shown), {}, true);
  }
}

void attachment_finder::element_ended(std::string_view name, std::size_t depth) {
  depth_ = depth - 1;
  if (menu_depth_ == depth) menu_depth_ = 0;
  if (!open_.empty() && open_.back().depth == depth) {
    close(open_.back());
    open_.pop_back();
  } else if (!open_.empty() && !is_within_word(name)) {
    open_.back().text.separate();
  }
  markup_.element_ended(depth, links_);
}

bool attachment_finder::near_link(std::size_t depth) const noexcept {
  return !open_.empty() && depth - open_.back().depth <= levels_up;
}

bool attachment_finder::within_file() const noexcept {
  return std::any_of(open_.begin(), open_.end(), [](const link& each) { return !each.url.empty(); });
}

void attachment_finder::text(std::string_view chars) {
  if (!open_.empty()) open_.back().text.append(chars);
  markup_.text(chars, near_link(depth_));
}

void attachment_finder::script(std::string_view chars) {
  while (!chars.empty()) {
    const std::size_t whole = std::min(chars.size(), chars.find('\0'));
    scripts_.read(chars.substr(0, whole));
    chars.remove_prefix(whole);
    if (chars.empty()) return;
    scripts_.end();
    chars.remove_prefix(1);
  }
}

std::optional<attachment_finder::link> attachment_finder::link_of(const html_element& element) {
  if (is_furniture(element.name) || (element.attributes.empty() && element.name != "button"))
    return std::nullopt;
  std::string url = certain_url(element);
  std::string reference = url.empty() ? reference_of(element) : std::string();
  const bool certain = !url.empty();
  if (!certain && reference.empty() && !is_blind_link(element)) return std::nullopt;
  const bool page = is_path(reference) && route_of(reference) == route::page;
  if (page && markup_.area() == 0) return std::nullopt;
  link made;
  made.area = markup_.area();
  made.item = markup_.item();
  made.url = std::move(url);
  if (certain) return made;
  made.reference = std::move(reference);
  made.in_menu = menu_depth_ != 0;
  made.embedded = !made.reference.empty() && made.reference == embedded_address(element);
  made.classed = is_attachment_item(element);
  made.offered = element.find("download") && element.find("href") && !made.in_menu;
  if (!made.offered) return made;
  auto address = base_.resolve(made.reference);
  const bool usable = address && !leads_nowhere(made.reference) && !is_help(*address);
  const route where = usable ? route_of(*address) : route::page;
  if (where == route::file || where == route::other) made.url = std::move(*address);
  return made;
}

/// The first address on the element that is a file route of the instance, whatever attribute it stands in.
std::string attachment_finder::certain_url(const html_element& element) {
  const bool sends = element.name == "form" && core::iequals(element.get("method"), "post");
  if (sends || is_decoration(element)) return {};
  if (std::string url = file_url(element.get("href")); !url.empty()) return url;
  for (const auto& attribute : element.attributes) {
    if (attribute.name == "href" || is_plain_text(attribute.name) || !may_be_attachment(attribute.value))
      continue;
    if (attribute.value.starts_with('{') || attribute.value.starts_with('[')) {
      data_.read(attribute.value);
      data_.end();
      continue;
    }
    if (!is_script(attribute.name)) {
      if (std::string url = file_url(attribute.value); !url.empty()) return url;
      continue;
    }
    for (const auto& text : quoted_texts(attribute.value))
      if (std::string url = file_url(text); !url.empty()) return url;
  }
  return {};
}

std::string attachment_finder::file_url(std::string_view reference) {
  reference = core::trim(reference);
  if (!may_be_attachment(reference)) return {};
  if (core::iequals(scheme_of(reference), "javascript")) {
    const auto quoted = quoted_address(core::decode_percent(reference));
    return quoted ? file_url(*quoted) : std::string();
  }
  if (reference.find('/') == std::string_view::npos) return {};
  if (is_path(reference)) {
    const route where = route_of(reference);
    if (where == route::attachment) markup_.mention(links_, {}, attachment_id(reference), false);
    if (where != route::file) return {};
  }
  auto url = base_.resolve(reference);
  return url && route_of(*url) == route::file && base_.is_own(*url) ? std::move(*url) : std::string();
}

void attachment_finder::take_hints(link& into, const html_element& element) {
  name_hints& hints = into.hints;
  const std::string_view title = element.get("title");
  const std::string_view picture = element.get("alt");
  const std::string_view label = element.get("aria-label");
  offer(hints.download, element.get("download"), element.get("download"), hints.download);
  offer(hints.title, title, without_download_prefix(title), without_download_prefix(hints.title));
  if (looks_like_file_name(picture) && !is_decoration(element))
    offer(hints.title, picture, picture, without_download_prefix(hints.title));
  offer(hints.aria_label, label, name_in_label(label), name_in_label(hints.aria_label));
}

void attachment_finder::close(link& done) {
  done.hints.text = done.text.str();
  if (!done.url.empty()) return take(done, done.url);
  const name_hints& hints = done.hints;
  const std::string_view label = name_in_label(hints.aria_label);
  likeness best = likeness::none;
  for (const std::string_view text :
       {std::string_view(hints.download), without_download_prefix(hints.title),
        label.empty() ? std::string_view(hints.aria_label) : label, std::string_view(hints.text)}) {
    best = std::max(best, likeness_of(text));
    // In a list of attachments an ending that nobody knows is one; a long one is somebody's name.
    const bool believed = done.offered || done.labelled || done.classed ||
                          (done.area != 0 && text.size() - text.rfind('.') <= longest_ending);
    if (believed && text.size() <= longest_shown && is_document_name(text)) best = likeness::sure;
  }
  judge(done, best);
}

void attachment_finder::judge(const link& done, likeness like) {
  if (done.in_menu && !done.labelled && !done.classed) return;
  const std::string_view scheme = scheme_of(done.reference);
  const bool web = scheme.empty() || core::iequals(scheme, "http") || core::iequals(scheme, "https");
  if (leads_nowhere(done.reference) || !web) return judge_blind(done, like);
  // Nearly every link of a page: nothing says that it leads to a file.
  if (like == likeness::none && !done.claims() && !done.embedded && !may_be_attachment(done.reference))
    return;
  const auto url = base_.resolve(done.reference);
  if (!url) return judge_blind(done, like);
  judge_address(done, *url, like);
}

/// Where it leads is not known, or cannot be fetched.
void attachment_finder::judge_blind(const link& done, likeness like) {
  constexpr std::array<std::string_view, 4> people{"mailto", "tel", "sms", "callto"};
  if (like == likeness::none) return;
  if (core::is_one_of(core::to_lower(scheme_of(done.reference)), people))
    return take(done, {}, "an address to write to or to call, not a file");
  if (!done.claims() && (like != likeness::sure || makes_a_file(done.hints.text))) return;
  miss(done);
}

void attachment_finder::judge_address(const link& done, const std::string& url, likeness like) {
  const route where = route_of(url);
  if (where == route::page || is_help(url) || is_control(url)) return;
  if (is_person(url) && where == route::other && !done.labelled && !done.classed) return;
  const bool named = like != likeness::none || (done.claims() && names_a_file(url)) ||
                     (done.embedded && likeness_of(core::last_path_segment(url)) == likeness::sure);
  const bool claims = done.classed || ((done.claims() || done.embedded) && named);
  const bool own = base_.is_own(url);
  if (where == route::attachment || (where == route::file && !claims)) {
    // A show route leads back to the page; what it shows is missing unless its file stands elsewhere.
    if (named || done.area != 0 || where == route::file) miss(done, attachment_id(url));
    return;
  }
  if (own) {
    const std::string name = choose_name(done.hints, url).name;
    if (claims || like == likeness::sure || (named && has_ending(url, name))) return take(done, url);
    if (named) take(done, url, "a link that reads like the name of a file, but is not marked as one");
    return;
  }
  const std::string shown = core::mask_url(url);
  if (claims && named) return take(done, url);
  if (claims || done.item != 0) return take(done, url, fmt::format("a link, not a file: {}", shown));
  if (named)
    take(done, url, fmt::format("a link to another host that is not marked as an attachment: {}", shown));
}

void attachment_finder::take(const link& done, std::string url, std::string why_not) {
  if (found_.size() >= 2 * most_attachments) {
    too_many_ = true;
    return;
  }
  if (done.item != 0 && done.item == markup_.item()) markup_.explain_item();
  chosen_name name = choose_name(done.hints, url);
  found_.push_back(
      found{done.place, done.area, done.item, std::move(url), std::move(name), std::move(why_not)});
}

void attachment_finder::miss(const link& done, std::string id) {
  std::string name = choose_name(done.hints, {}).name;
  if (done.item != 0 && done.item == markup_.item() && !name.empty()) markup_.explain_item();
  markup_.mention(done.place, collapse_space(name, longest_shown), std::move(id), true);
}

/// What a script names, and no markup shows: fetched if it says where the file is.
void attachment_finder::take_script_files() {
  std::vector<script_files::entry> all = data_.entries();
  all.insert(all.end(), scripts_.entries().begin(), scripts_.entries().end());
  for (const auto& each : all) {
    const std::string url = each.address.empty() ? std::string() : file_url(each.address);
    if (!url.empty()) {
      link made;
      made.place = links_++;
      made.hints.title = each.name;
      take(made, url);
    } else if (each.among_attachments || !each.address.empty()) {
      markup_.mention(links_, collapse_space(each.name, longest_shown), each.id, true);
    }
  }
}

/// A name beside a link that has none of its own, in the same list of attachments: they belong together.
bool attachment_finder::pair(const file_mention& mention) {
  if (mention.area == 0) return false;
  const auto next = std::lower_bound(found_.begin(), found_.end(), mention.place,
                                     [](const found& each, std::size_t place) { return each.place < place; });
  const auto take_one = [&mention](found& each) {
    const bool free = each.area == mention.area && each.why_not.empty() && !each.paired &&
                      each.name.how != chosen_name::quality::from_page;
    if (!free) return false;
    each.paired = true;
    if (is_document_name(mention.name)) each.name = {mention.name, chosen_name::quality::from_page};
    return true;
  };
  if (next != found_.begin() && take_one(*std::prev(next))) return true;
  return next != found_.end() && take_one(*next);
}

void attachment_finder::settle_mentions(found_attachments& made) {
  /// Names and numbers of the files that were found.
  std::unordered_set<std::string> names;
  std::unordered_set<std::string> ids;
  for (const found& each : found_) {
    names.insert(core::to_lower(each.name.name));
    ids.insert(attachment_id(each.url));
  }
  std::unordered_set<std::string> told;
  for (const file_mention& each : markup_.mentions()) {
    if (!each.strong) {
      made.markup_seen = true;
      continue;
    }
    if (!each.name.empty() && names.count(core::to_lower(each.name)) != 0) continue;
    if (!each.id.empty() && ids.count(each.id) != 0) continue;
    if (pair(each)) {
      if (is_document_name(each.name)) names.insert(core::to_lower(each.name));
      continue;
    }
    made.markup_seen = true;
    std::string name = !each.name.empty() ? each.name : fmt::format("attachment {}", each.id);
    if (told.insert(core::to_lower(name)).second && made.not_understood.size() < most_not_understood)
      made.not_understood.push_back(std::move(name));
  }
}

void attachment_finder::list(found_attachments& made) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<chosen_name::quality> qualities;
  const auto has_file = [this](std::size_t item) {
    return std::any_of(found_.begin(), found_.end(),
                       [item](const found& other) { return other.item == item && other.why_not.empty(); });
  };
  for (auto& each : found_) {
    const bool is_file = each.why_not.empty();
    // A further link at an attachment: who brought it, what opens it.
    if (!is_file && each.item != 0 && has_file(each.item)) continue;
    std::string key = each.url.empty() ? "link " + each.name.name : core::url_key(each.url);
    const auto [place, is_new] = places.emplace(key, made.attachments.size());
    if (!is_new) {
      if (is_file && made.notes.erase(key) != 0) ++made.files;
      if (each.name.how > qualities[place->second]) {
        qualities[place->second] = each.name.how;
        made.attachments[place->second].name = std::move(each.name.name);
      }
      continue;
    }
    if (made.attachments.size() == most_attachments) {
      too_many_ = true;
      break;
    }
    qualities.push_back(each.name.how);
    if (is_file)
      ++made.files;
    else
      made.notes[key].not_a_file = std::move(each.why_not);
    std::string url = each.url.empty() ? base_.page_url() : std::move(each.url);
    made.attachments.push_back(attachment{std::move(key), std::move(url), std::move(each.name.name)});
  }
}

found_attachments attachment_finder::finish() {
  while (!open_.empty()) {
    close(open_.back());
    open_.pop_back();
  }
  take_script_files();
  std::sort(found_.begin(), found_.end(), [](const found& a, const found& b) { return a.place < b.place; });
  found_attachments made;
  settle_mentions(made);
  list(made);
  made.too_many = too_many_;
  return made;
}

}  // namespace pofetch::sources
