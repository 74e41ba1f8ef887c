#include "sources/coupa_api/api_facts.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/po_number.hpp"
#include "core/url.hpp"
#include "sources/coupa_api/json_body.hpp"
#include "sources/html/page_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pofetch::sources {

namespace json = boost::json;

namespace {

constexpr std::size_t most_id_digits = 20;

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= most_id_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return core::is_digit(c); });
}

std::string id_of(const json::object& from) {
  std::string id = text_of(from, "id");
  return is_id(id) ? id : std::string();
}

void add_requisition(const json::value& from, api_order_facts& into) {
  const json::object* const one = from.if_object();
  const std::string id = one == nullptr ? std::string() : id_of(*one);
  auto& known = into.requisitions;
  if (id.empty() && !from.is_null() && !(one != nullptr && one->empty())) into.odd_requisition = true;
  if (id.empty() || std::find(known.begin(), known.end(), id) != known.end()) return;
  if (known.size() == most_api_requisitions)
    into.too_many_requisitions = true;
  else
    known.push_back(id);
}

/// One requisition, or several.
void add_requisitions(const json::object& from, api_order_facts& into) {
  for (const char* name : {"requisition-header", "requisition-headers"}) {
    const json::value* const found = from.if_contains(name);
    if (found == nullptr) continue;
    if (const json::array* const several = found->if_array())
      for (const auto& each : *several) add_requisition(each, into);
    else
      add_requisition(*found, into);
  }
}

enum class type { file, text, link, unknown };

type type_of(const json::object& from) {
  const std::string said = core::to_lower(text_of(from, "type"));
  const auto says = [&said](std::string_view word) { return said.find(word) != std::string::npos; };
  const auto has = [&from](std::string_view name) { return !text_of(from, name).empty(); };
  // What it has counts more than what it is called.
  if (has("file") || has("file-url") || has("file-file-name")) return type::file;
  if (says("url") || says("link")) return type::link;
  if (says("text") || says("note")) return type::text;
  if (says("file") || has("file-file-size")) return type::file;
  if (has("url")) return type::link;
  return has("text") ? type::text : type::unknown;
}

/// `file` is a name, a path or an address.
std::string name_of(const json::object& from, std::string_view file_url) {
  std::string name = text_of(from, "file-file-name");
  if (!name.empty()) return name;
  name = text_of(from, "file");
  const bool address = name.find("://") != std::string::npos || name.find('?') != std::string::npos;
  if (address) name = core::last_path_segment(name);
  name.erase(0, name.find_last_of("/\\") + 1);
  if (!name.empty() || file_url.empty()) return name;
  // The last part of an address counts only if it looks like a file.
  name = core::last_path_segment(file_url);
  return name.find('.') == std::string::npos ? std::string() : name;
}

std::string reason_of(type what, const json::object& from) {
  if (what == type::link) {
    const std::string url = text_of(from, "url");
    return fmt::format("a link, not a file{}{}", url.empty() ? "" : ": ",
                       quote_for_message(core::mask_url(url), 500));
  }
  const std::string text = collapse_space(text_of(from, "text"), 500);
  return fmt::format("a text, not a file{}{}", text.empty() ? "" : ": ",
                     core::mask_secrets_in_text(quote_for_message(text, 500)));
}

/// Does `text` begin with a host: a name with a dot, or that of the instance, and a path behind it?
bool begins_with_host(std::string_view text, const std::string& base_url) {
  const std::string_view first = text.substr(0, text.find('/'));
  if (first.size() == text.size() || first.empty()) return false;
  if (const auto own = core::origin_of(base_url); own && core::iequals(first, core::host_header(*own)))
    return true;
  const std::string_view host = first.substr(0, first.find(':'));
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || host.size() - dot < 3) return false;
  const std::string_view top = host.substr(dot + 1);
  return std::all_of(top.begin(), top.end(), [](char c) { return core::is_alpha(c); });
}

/// Several, or one that stands alone.
void add_line_attachments(const json::value& from, std::vector<const json::value*>& into) {
  if (const json::array* const several = from.if_array())
    for (const auto& each : *several) into.push_back(&each);
  else if (const json::object* const one = from.if_object(); one != nullptr && !one->empty())
    into.push_back(&from);
}

}  // namespace

api_order_facts read_order(const json::object& from) {
  api_order_facts facts;
  facts.id = id_of(from);
  facts.number = std::string(core::trim(text_of(from, "po-number")));
  facts.status = text_of(from, "status");
  facts.created_at = text_of(from, "created-at");
  facts.updated_at = text_of(from, "updated-at");
  if (const json::object* const supplier = object_of(from, "supplier"))
    facts.supplier = collapse_space(text_of(*supplier, "name"), 200);
  add_requisitions(from, facts);
  if (const json::array* const lines = array_of(from, "order-lines"))
    for (const auto& line : *lines)
      if (const json::object* const one = line.if_object()) add_requisitions(*one, facts);
  return facts;
}

std::vector<const json::value*> line_attachments(const json::object& order) {
  std::vector<const json::value*> found;
  const json::array* const lines = array_of(order, "order-lines");
  if (lines == nullptr) return found;
  for (const auto& line : *lines) {
    const json::object* const one = line.if_object();
    if (one == nullptr) continue;
    for (const char* name : {"attachments", "attachment"})
      if (const json::value* const attached = one->if_contains(name)) add_line_attachments(*attached, found);
  }
  return found;
}

bool is_wanted_number(std::string_view found, const purchase_order& po, std::string_view asked) {
  if (core::iequals(found, asked)) return true;
  const core::po_cell cell = core::parse_po_cell(found);
  if (!cell.is_one_po()) return false;
  const core::parsed_po& one = cell.orders.front();
  if (one.number != po.number || asked != po.number) return false;
  return one.prefix.empty() || po.prefix.empty() || one.prefix == po.prefix;
}

std::string whole_file_url(std::string_view text, const std::string& base_url) {
  text = core::trim(text);
  if (text.empty()) return {};
  const bool bare_host = text.find("://") == std::string_view::npos && begins_with_host(text, base_url);
  auto whole = core::resolve(base_url + "/", fmt::format("{}{}", bare_host ? "//" : "", text));
  return whole ? std::move(*whole) : std::string();
}

std::string shown_attachment(const json::value& from) {
  const json::object* const one = from.if_object();
  if (one == nullptr) return {};
  std::string shown;
  for (const char* name : {"id", "type", "file-file-name", "file", "text"}) {
    const std::string said = quote_for_message(text_of(*one, name));
    if (!said.empty()) shown += fmt::format("{}{} '{}'", shown.empty() ? " (" : ", ", name, said);
  }
  return shown.empty() ? shown : shown + ")";
}

std::optional<api_attachment> read_api_attachment(const json::value& from, std::string_view address,
                                                  const std::string& base_url) {
  const json::object* const one = from.if_object();
  if (one == nullptr) return std::nullopt;
  const std::string id = id_of(*one);
  const type what = type_of(*one);
  const std::string file_url = whole_file_url(text_of(*one, "file-url"), base_url);
  // Without an id it can be had from its own address only.
  if (what == type::unknown || (id.empty() && (what != type::file || file_url.empty()))) return std::nullopt;
  api_attachment made;
  made.what.key = id.empty() ? core::url_key(file_url) : fmt::format("attachment {}", id);
  made.what.url = id.empty() ? file_url : fmt::format("{}/{}", address, id);
  if (what != type::file) {
    made.note.not_a_file = reason_of(what, *one);
    return made;
  }
  made.what.name = name_of(*one, file_url);
  made.what.size = core::parse_unsigned(core::trim(text_of(*one, "file-file-size")));
  made.what.changed_at = core::trim(text_of(*one, "updated-at"));
  if (!file_url.empty() && file_url != made.what.url)
    made.note.second_url = std::exchange(made.what.url, file_url);
  return made;
}

}  // namespace pofetch::sources
