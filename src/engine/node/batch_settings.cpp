#include "engine/node/batch_settings.hpp"

#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "sources/coupa/base_url.hpp"
#include "sources/drivers.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

namespace pofetch::engine {
namespace {

namespace json = boost::json;
using values = std::vector<std::string>;

/// One setting of the batch as texts; none: it is at its default.
struct shared_setting {
  const char* name;
  values (*read)(const batch_options& from);
  void (*write)(const values& given, batch_options& into);
};

values one(const std::string& text) { return text.empty() ? values() : values{text}; }
values flag(bool on) { return on ? values{"true"} : values(); }
std::string text_of(const values& given) { return given.empty() ? std::string() : given.front(); }

constexpr std::array all_shared{
    shared_setting{"base_url", [](const batch_options& o) { return one(sources::clean_base(o.base_url)); },
                   [](const values& v, batch_options& o) { o.base_url = text_of(v); }},
    shared_setting{"sheet", [](const batch_options& o) { return one(o.sheet); },
                   [](const values& v, batch_options& o) { o.sheet = text_of(v); }},
    shared_setting{"po_column", [](const batch_options& o) { return one(o.po_column); },
                   [](const values& v, batch_options& o) { o.po_column = text_of(v); }},
    shared_setting{"supplier_column", [](const batch_options& o) { return one(o.supplier_column); },
                   [](const values& v, batch_options& o) { o.supplier_column = text_of(v); }},
    shared_setting{"folder_columns", [](const batch_options& o) { return o.folder_columns; },
                   [](const values& v, batch_options& o) { o.folder_columns = v; }},
    shared_setting{"visible_rows", [](const batch_options& o) { return flag(o.visible_rows); },
                   [](const values& v, batch_options& o) { o.visible_rows = !v.empty(); }},
    shared_setting{"since", [](const batch_options& o) { return one(o.since); },
                   [](const values& v, batch_options& o) { o.since = text_of(v); }},
    shared_setting{"query", [](const batch_options& o) { return o.query; },
                   [](const values& v, batch_options& o) { o.query = v; }},
    shared_setting{"include", [](const batch_options& o) { return o.pool.include; },
                   [](const values& v, batch_options& o) { o.pool.include = v; }},
    shared_setting{"exclude", [](const batch_options& o) { return o.pool.exclude; },
                   [](const values& v, batch_options& o) { o.pool.exclude = v; }},
    shared_setting{"hash", [](const batch_options& o) { return o.pool.hash ? values() : values{"none"}; },
                   [](const values& v, batch_options& o) { o.pool.hash = v.empty(); }},
    shared_setting{"refresh",
                   [](const batch_options& o) {
                     return o.pool.refresh ? values{fmt::format("{} ms", o.pool.refresh->count())} : values();
                   },
                   [](const values& v, batch_options& o) {
                     o.pool.refresh.reset();
                     if (!v.empty()) o.pool.refresh.emplace(std::strtoll(v.front().c_str(), nullptr, 10));
                   }},
    shared_setting{"dedupe", [](const batch_options& o) { return flag(o.pool.dedupe); },
                   [](const values& v, batch_options& o) { o.pool.dedupe = !v.empty(); }},
    shared_setting{"folder_status", [](const batch_options& o) { return flag(o.pool.folder_status); },
                   [](const values& v, batch_options& o) { o.pool.folder_status = !v.empty(); }},
};

std::string shown(const values& given) {
  return given.empty() ? std::string("none") : fmt::format("{}", fmt::join(given, ", "));
}

failure other_value(const char* name, const values& batch, const values& node) {
  return core::refused(
      fmt::format("{}: the batch has {}, this node gives {}; all nodes of a batch have the same.",
                  core::setting_name(name), shown(batch), shown(node)));
}

values texts_of(const json::object& all, std::string_view name) {
  values texts;
  const json::value* const found = all.if_contains(name);
  if (found == nullptr || !found->is_array()) return texts;
  for (const json::value& each : found->get_array())
    if (each.is_string()) texts.emplace_back(each.get_string());
  return texts;
}

/// Without a word of the user the list decides.
result<void> agree_on_source(batch_options& mine, const values& batch, const std::string& used) {
  const values given = mine.source == source_kind() ? values() : values{std::string(to_string(mine.source))};
  if (given == batch || (batch.empty() && text_of(given) == used)) return {};
  if (!given.empty()) return other_value("source", batch.empty() ? one(used) : batch, given);
  mine.source = source_named(text_of(batch));
  return {};
}

}  // namespace

source_kind source_named(const std::string& word) {
  const sources::driver* const found = sources::find_driver(word);
  return found == nullptr ? source_kind() : found->facts().kind;
}

std::string settings_of(const batch_options& options) {
  json::object all;
  const auto add = [&all](const char* name, const values& texts) {
    if (!texts.empty()) all[name] = json::array(texts.begin(), texts.end());
  };
  for (const shared_setting& each : all_shared) add(each.name, each.read(options));
  if (options.source != source_kind()) add("source", {std::string(to_string(options.source))});
  // Others may work in another folder.
  add("out", one(options.out.empty() ? std::string() : std::filesystem::absolute(options.out).string()));
  return json::serialize(all);
}

result<void> agree(batch_options& mine, const std::string& of_batch, const std::string& source) {
  boost::system::error_code wrong;
  const json::value read = json::parse(of_batch, wrong);
  if (wrong || !read.is_object())
    return make_failure(errc::ledger,
                        "The settings of the batch in the ledger cannot be read: ask for a backup of it.");
  const json::object& all = read.get_object();
  for (const shared_setting& each : all_shared) {
    const values batch = texts_of(all, each.name);
    const values node = each.read(mine);
    if (node == batch) continue;
    if (!node.empty()) return other_value(each.name, batch, node);
    each.write(batch, mine);
  }
  if (mine.out.empty()) mine.out = text_of(texts_of(all, "out"));
  return agree_on_source(mine, texts_of(all, "source"), source);
}

}  // namespace pofetch::engine
