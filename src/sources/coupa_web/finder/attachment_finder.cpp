#include "sources/coupa_web/finder/attachment_finder.hpp"

#include "core/ascii.hpp"
#include "sources/coupa/file_route.hpp"
#include "sources/coupa_web/finder/link_verdict.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::size_t longest_shown = 255;

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
  return std::any_of(open_.begin(), open_.end(), [](const page_link& each) { return !each.url.empty(); });
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

std::optional<page_link> attachment_finder::link_of(const html_element& element) {
  if (is_furniture(element.name) || (element.attributes.empty() && element.name != "button"))
    return std::nullopt;
  std::string url = certain_url(element);
  std::string reference = url.empty() ? reference_of(element) : std::string();
  const bool certain = !url.empty();
  if (!certain && reference.empty() && !is_blind_link(element)) return std::nullopt;
  const bool page = is_path(reference) && route_of(reference) == route::page;
  if (page && markup_.area() == 0) return std::nullopt;
  page_link made;
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

void attachment_finder::take_hints(page_link& into, const html_element& element) {
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

void attachment_finder::close(page_link& done) {
  done.hints.text = done.text.str();
  link_verdict verdict = judge_link(done, base_);
  switch (verdict.decided) {
    case link_verdict::fate::ignored:
      return;
    case link_verdict::fate::listed:
      return list(done, std::move(verdict.url), std::move(verdict.why_not));
    case link_verdict::fate::missed:
      return miss(done, std::move(verdict.id));
  }
}

void attachment_finder::list(const page_link& done, std::string url, std::string why_not) {
  if (done.item != 0 && done.item == markup_.item()) markup_.explain_item();
  chosen_name name = choose_name(done.hints, url);
  found_.add({done.place, done.area, done.item, std::move(url), std::move(name), std::move(why_not)});
}

void attachment_finder::miss(const page_link& done, std::string id) {
  std::string name = choose_name(done.hints, {}).name;
  if (done.item != 0 && done.item == markup_.item() && !name.empty()) markup_.explain_item();
  markup_.mention(done.place, collapse_space(name, longest_shown), std::move(id), true);
}

/// What a script names, and no markup shows: fetched if it says where the file is.
void attachment_finder::list_script_files() {
  std::vector<script_files::entry> all = data_.entries();
  all.insert(all.end(), scripts_.entries().begin(), scripts_.entries().end());
  for (const auto& each : all) {
    const std::string url = each.address.empty() ? std::string() : file_url(each.address);
    if (!url.empty()) {
      page_link made;
      made.place = links_++;
      made.hints.title = each.name;
      list(made, url);
    } else if (each.among_attachments || !each.address.empty()) {
      markup_.mention(links_, collapse_space(each.name, longest_shown), each.id, true);
    }
  }
}

found_attachments attachment_finder::finish() {
  while (!open_.empty()) {
    close(open_.back());
    open_.pop_back();
  }
  list_script_files();
  return found_.conclude(markup_.mentions(), base_.page_url());
}

}  // namespace pofetch::sources
