#include "sources/attachment_finder.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "sources/file_route.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::size_t most_orphans = 16;

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

/// Markup within a word: `plan<wbr>_b.pdf`.
bool is_within_word(std::string_view element) {
  constexpr std::array<std::string_view, 7> names{"wbr", "b", "i", "u", "em", "strong", "mark"};
  return std::find(names.begin(), names.end(), element) != names.end();
}

bool may_lead_to_file(route where) { return where == route::file || where == route::other; }

/// Leaves out what cannot be the address of a file before it is resolved, which costs more.
bool may_be_file(std::string_view reference, const html_element& element) {
  if (reference.empty() || reference.front() == '#') return false;
  if (core::istarts_with(reference, "javascript:") || core::istarts_with(reference, "mailto:")) return false;
  if (is_path(reference) && !may_lead_to_file(route_of(reference))) return false;
  // Without a dot or a parameter the address carries no file name.
  return may_be_attachment(reference) || reference.find_first_of(".=") != std::string_view::npos ||
         element.find("download") || !element.get("aria-label").empty();
}

/// The address itself carries a file name.
bool names_a_file(std::string_view url) {
  return choose_name({}, url).how == chosen_name::quality::from_address;
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
  if (menu_depth_ == 0 && is_menu(element)) menu_depth_ = element.depth;
  if (!open_.empty() && !is_within_word(element.name)) open_.back().text.separate();
  auto made = link_of(element);
  // What stands within a link to a file belongs to that link.
  const bool inside =
      !open_.empty() && open_.back().certain && element.depth - open_.back().depth <= levels_up;
  if (made && (made->certain || !inside)) {
    made->depth = element.depth;
    made->place = links_++;
    open_.push_back(std::move(*made));
  }
  const std::string_view named = name_in_label(element.get("aria-label"));
  const bool near = !open_.empty() && element.depth - open_.back().depth <= levels_up;
  if (near) {
    take_hints(open_.back(), element);
    if (!named.empty()) open_.back().certain = true;
  } else if (looks_like_file_name(named) && !within_file() && orphans_.size() < most_orphans) {
    orphans_.push_back(collapse_space(named, 255));
  }
}

void attachment_finder::element_ended(std::string_view name, std::size_t depth) {
  if (menu_depth_ == depth) menu_depth_ = 0;
  if (open_.empty()) return;
  if (open_.back().depth == depth) {
    close(open_.back());
    open_.pop_back();
  } else if (!is_within_word(name)) {
    open_.back().text.separate();
  }
}

bool attachment_finder::within_file() const noexcept {
  return std::any_of(open_.begin(), open_.end(), [](const link& each) { return each.certain; });
}

void attachment_finder::text(std::string_view chars) {
  if (!open_.empty()) open_.back().text.append(chars);
}

std::optional<attachment_finder::link> attachment_finder::link_of(const html_element& element) const {
  if (const auto href = element.find("href"))
    if (auto made = judge(*href, element, true)) return made;
  for (const auto& attribute : element.attributes) {
    if (attribute.name != "data-url" && attribute.name != "data-href" &&
        attribute.name != "data-download-url")
      continue;
    if (auto made = judge(attribute.value, element, false)) return made;
  }
  const auto quoted = quoted_address(element.get("onclick"));
  return quoted ? judge(*quoted, element, false) : std::nullopt;
}

std::optional<attachment_finder::link> attachment_finder::judge(std::string_view reference,
                                                                const html_element& element,
                                                                bool is_href) const {
  reference = core::trim(reference);
  if (!may_be_file(reference, element)) return std::nullopt;
  auto url = core::resolve(page_url_, reference);
  if (!url) return std::nullopt;
  const route where = route_of(*url);
  if (!may_lead_to_file(where)) return std::nullopt;
  const auto where_from = core::origin_of(*url);
  const bool own = where_from && page_origin_ && *where_from == *page_origin_;
  const bool labelled = !name_in_label(element.get("aria-label")).empty();
  const bool offered = is_href && element.find("download") && menu_depth_ == 0 && !is_help(*url);
  link made;
  made.certain =
      (own && (where == route::file || offered)) || (labelled && (offered || where == route::file));
  if (!made.certain && !((own || labelled) && names_a_file(*url))) return std::nullopt;
  made.url = std::move(*url);
  return made;
}

void attachment_finder::take_hints(link& into, const html_element& element) {
  name_hints& hints = into.hints;
  const std::string_view title = element.get("title");
  const std::string_view label = element.get("aria-label");
  offer(hints.download, element.get("download"), element.get("download"), hints.download);
  offer(hints.title, title, without_download_prefix(title), without_download_prefix(hints.title));
  offer(hints.aria_label, label, name_in_label(label), name_in_label(hints.aria_label));
}

void attachment_finder::close(link& done) {
  if (!done.certain) return;
  if (found_.size() >= 2 * most_attachments) {
    too_many_ = true;
    return;
  }
  done.hints.text = done.text.str();
  chosen_name name = choose_name(done.hints, done.url);
  found_.push_back(found{done.place, std::move(done.url), std::move(name)});
}

found_attachments attachment_finder::finish() {
  while (!open_.empty()) {
    close(open_.back());
    open_.pop_back();
  }
  std::sort(found_.begin(), found_.end(), [](const found& a, const found& b) { return a.place < b.place; });
  found_attachments made;
  std::unordered_map<std::string, std::size_t> places;
  std::vector<chosen_name::quality> qualities;
  for (auto& each : found_) {
    std::string key = core::url_key(each.url);
    const auto [place, is_new] = places.emplace(key, made.attachments.size());
    if (!is_new) {
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
    made.attachments.push_back(attachment{std::move(key), std::move(each.url), std::move(each.name.name)});
  }
  for (auto& name : orphans_) {
    const bool known = std::any_of(made.attachments.begin(), made.attachments.end(),
                                   [&name](const attachment& a) { return a.name == name; });
    if (!known) made.not_understood.push_back(std::move(name));
  }
  made.too_many = too_many_;
  return made;
}

}  // namespace pofetch::sources
