// Options of a batch: where each of them goes in the engine. What they may look like, their schema says.
#include "core/ascii.hpp"
#include "service/batches/batch_request.hpp"
#include "service/schemas/schema_book.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

/// `put` gives a sentence where the value cannot be used.
struct option_rule {
  std::string_view name;
  std::string (*put)(const json::value& value, batch_options& into);
};

std::string option_text(const json::value& value) {
  return std::string(value.as_string().c_str(), value.as_string().size());
}

std::vector<std::string> option_words(const json::value& value) {
  std::vector<std::string> all;
  for (const json::value& each : value.as_array()) all.push_back(option_text(each));
  return all;
}

unsigned small(const json::value& value) {
  constexpr std::uint64_t most = std::numeric_limits<unsigned>::max();
  return static_cast<unsigned>(std::min(value.to_number<std::uint64_t>(), most));
}

std::string put_durability(const json::value& value, batch_options& into) {
  const std::string word = option_text(value);
  if (word == "file") into.pool.sync = durability::file;
  if (word == "batch") into.pool.sync = durability::batch;
  if (word == "none") into.pool.sync = durability::none;
  return {};
}

/// `7d`, `12h`, `90m`, `2w`, or `all`.
std::string put_refresh(const json::value& value, batch_options& into) {
  const std::string word = option_text(value);
  into.pool.refresh = std::chrono::milliseconds{0};
  if (word == "all") return {};
  constexpr std::array<std::pair<char, int>, 4> units{
      {{'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}}};
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const auto& u) { return word.ends_with(u.first); });
  const auto count = core::parse_unsigned(word.substr(0, word.empty() ? 0 : word.size() - 1));
  constexpr std::uint64_t most = 10'000;
  if (unit == units.end() || !count || *count == 0 || *count > most)
    return "expected all, or an age such as 7d or 12h";
  into.pool.refresh = std::chrono::seconds{static_cast<std::int64_t>(*count) * unit->second};
  return {};
}

constexpr std::array<option_rule, 16> option_rules{{
    {"workers", [](const auto& v, auto& o) { return o.pool.workers = small(v), std::string(); }},
    {"max_concurrent",
     [](const auto& v, auto& o) { return o.pool.max_concurrent = small(v), std::string(); }},
    {"retries", [](const auto& v, auto& o) { return o.pool.retries = small(v), std::string(); }},
    {"include", [](const auto& v, auto& o) { return o.pool.include = option_words(v), std::string(); }},
    {"exclude", [](const auto& v, auto& o) { return o.pool.exclude = option_words(v), std::string(); }},
    {"max_file_size",
     [](const auto& v, auto& o) {
       return o.pool.max_file_size = v.template to_number<std::uint64_t>(), std::string();
     }},
    {"hash", [](const auto& v, auto& o) { return o.pool.hash = option_text(v) == "sha256", std::string(); }},
    {"durability", put_durability},
    {"dedupe", [](const auto& v, auto& o) { return o.pool.dedupe = v.as_bool(), std::string(); }},
    {"folder_columns",
     [](const auto& v, auto& o) { return o.folder_columns = option_words(v), std::string(); }},
    {"folder_status",
     [](const auto& v, auto& o) { return o.pool.folder_status = v.as_bool(), std::string(); }},
    {"po_column", [](const auto& v, auto& o) { return o.po_column = option_text(v), std::string(); }},
    {"supplier_column",
     [](const auto& v, auto& o) { return o.supplier_column = option_text(v), std::string(); }},
    {"sheet", [](const auto& v, auto& o) { return o.sheet = option_text(v), std::string(); }},
    {"breaker", [](const auto& v, auto& o) { return o.pool.breaker = v.as_bool(), std::string(); }},
    {"refresh", put_refresh},
}};

}  // namespace

void apply_options(const json::object& options, batch_options& into, const std::string& lead,
                   std::vector<member_error>& errors) {
  for (const auto& member : options) {
    const std::string name(member.key().data(), member.key().size());
    const auto rule = std::find_if(option_rules.begin(), option_rules.end(),
                                   [&](const auto& each) { return each.name == name; });
    if (rule == option_rules.end()) continue;  // the schema refuses it
    const std::string pointer = lead + "/" + pointer_part(name);
    if (std::string why = rule->put(member.value(), into); !why.empty()) {
      errors.push_back({pointer, std::move(why)});
    } else if (const auto valid = validate(into.pool); !valid) {
      errors.push_back({pointer, valid.error().message});
      return;
    }
  }
}

}  // namespace pofetch::service
