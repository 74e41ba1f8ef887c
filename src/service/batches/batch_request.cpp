#include "service/batches/batch_request.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "engine/source_facts.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

enum class shape { count, text, words, truth };

/// One option: how it is written, and where it goes. `put` gives a sentence where the value cannot be used.
struct option_rule {
  std::string_view name;
  shape form;
  std::string (*put)(const json::value& value, batch_options& into);
};

std::string text_of(const json::value& value) {
  return std::string(value.as_string().c_str(), value.as_string().size());
}

std::vector<std::string> words_of(const json::value& value) {
  std::vector<std::string> all;
  for (const json::value& each : value.as_array()) all.push_back(text_of(each));
  return all;
}

unsigned small(const json::value& value) {
  constexpr std::uint64_t most = std::numeric_limits<unsigned>::max();
  return static_cast<unsigned>(std::min(value.to_number<std::uint64_t>(), most));
}

std::string put_durability(const json::value& value, batch_options& into) {
  const std::string word = text_of(value);
  if (word == "file") into.pool.sync = durability::file;
  if (word == "batch") into.pool.sync = durability::batch;
  if (word == "none") into.pool.sync = durability::none;
  return word == "file" || word == "batch" || word == "none" ? "" : "expected file, batch or none";
}

std::string put_hash(const json::value& value, batch_options& into) {
  const std::string word = text_of(value);
  into.pool.hash = word == "sha256";
  return word == "sha256" || word == "none" ? "" : "expected sha256 or none";
}

/// `7d`, `12h`, `90m`, `2w`, or `all`.
std::string put_refresh(const json::value& value, batch_options& into) {
  const std::string word = text_of(value);
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
    {"workers", shape::count,
     [](const auto& v, auto& o) { return o.pool.workers = small(v), std::string(); }},
    {"max_concurrent", shape::count,
     [](const auto& v, auto& o) { return o.pool.max_concurrent = small(v), std::string(); }},
    {"retries", shape::count,
     [](const auto& v, auto& o) { return o.pool.retries = small(v), std::string(); }},
    {"include", shape::words,
     [](const auto& v, auto& o) { return o.pool.include = words_of(v), std::string(); }},
    {"exclude", shape::words,
     [](const auto& v, auto& o) { return o.pool.exclude = words_of(v), std::string(); }},
    {"max_file_size", shape::count,
     [](const auto& v, auto& o) {
       return o.pool.max_file_size = v.template to_number<std::uint64_t>(), std::string();
     }},
    {"hash", shape::text, put_hash},
    {"durability", shape::text, put_durability},
    {"dedupe", shape::truth,
     [](const auto& v, auto& o) { return o.pool.dedupe = v.as_bool(), std::string(); }},
    {"folder_columns", shape::words,
     [](const auto& v, auto& o) { return o.folder_columns = words_of(v), std::string(); }},
    {"folder_status", shape::truth,
     [](const auto& v, auto& o) { return o.pool.folder_status = v.as_bool(), std::string(); }},
    {"po_column", shape::text,
     [](const auto& v, auto& o) { return o.po_column = text_of(v), std::string(); }},
    {"supplier_column", shape::text,
     [](const auto& v, auto& o) { return o.supplier_column = text_of(v), std::string(); }},
    {"sheet", shape::text, [](const auto& v, auto& o) { return o.sheet = text_of(v), std::string(); }},
    {"breaker", shape::truth,
     [](const auto& v, auto& o) { return o.pool.breaker = v.as_bool(), std::string(); }},
    {"refresh", shape::text, put_refresh},
}};

const option_rule* find_rule(std::string_view name) {
  const auto found = std::find_if(option_rules.begin(), option_rules.end(),
                                  [&](const auto& each) { return each.name == name; });
  return found == option_rules.end() || found->put == nullptr ? nullptr : &*found;
}

std::string_view shape_words(shape form) {
  switch (form) {
    case shape::count:
      return "expected a whole number";
    case shape::text:
      return "expected a text";
    case shape::words:
      return "expected an array of texts";
    case shape::truth:
      return "expected true or false";
  }
  return {};
}

bool is_text(const json::value& value, std::size_t most) {
  if (!value.is_string() || value.as_string().size() > most) return false;
  const std::string text = text_of(value);
  return core::is_utf8(text) && std::none_of(text.begin(), text.end(), core::is_control);
}

bool is_count(const json::value& value) {
  return value.is_uint64() || (value.is_int64() && value.as_int64() >= 0);
}

bool has_shape(const json::value& value, shape form) {
  constexpr std::size_t longest = 1000;
  switch (form) {
    case shape::count:
      return is_count(value);
    case shape::text:
      return is_text(value, longest);
    case shape::words:
      return value.is_array() && std::all_of(value.as_array().begin(), value.as_array().end(),
                                             [](const json::value& each) { return is_text(each, longest); });
    case shape::truth:
      return value.is_bool();
  }
  return false;
}

/// A value of a query in the form that JSON would have had. Nothing: it is none.
std::optional<json::value> from_text(std::string_view text, shape form) {
  if (form == shape::count) {
    const auto number = core::parse_unsigned(text);
    return number ? std::optional<json::value>(*number) : std::nullopt;
  }
  if (form == shape::truth) {
    if (text == "true") return json::value(true);
    return text == "false" ? std::optional<json::value>(false) : std::nullopt;
  }
  return json::value(json::string_view(text.data(), text.size()));
}

std::string escaped_pointer(std::string_view name) {
  std::string made;
  for (const char c : name) made += c == '~' ? "~0" : (c == '/' ? "~1" : std::string(1, c));
  return made;
}

/// Collects what is wrong with a request.
struct complaints {
  std::vector<member_error> errors;
  void add(std::string pointer, std::string detail) {
    errors.push_back({std::move(pointer), std::move(detail)});
  }

  [[nodiscard]] std::optional<problem> as_problem(std::string_view slug) {
    if (errors.empty()) return std::nullopt;
    problem made;
    made.slug = slug;
    made.detail = errors.front().pointer + ": " + errors.front().detail;
    made.errors = std::move(errors);
    return made;
  }
};

constexpr std::size_t most_labels = 16;
constexpr std::size_t longest_word = 200;

void take_labels(const json::value& value, std::vector<std::string>& into, const std::string& pointer,
                 complaints& wrong) {
  const bool good = value.is_array() && value.as_array().size() <= most_labels &&
                    std::all_of(value.as_array().begin(), value.as_array().end(),
                                [](const json::value& each) { return is_text(each, longest_word); });
  if (!good) return wrong.add(pointer, "expected an array of at most 16 texts");
  into = words_of(value);
}

/// name, labels, priority; false: the member is none of these.
bool take_common(std::string_view name, const json::value& value, batch_record& into,
                 const std::string& pointer, complaints& wrong) {
  if (name == "name") {
    if (!is_text(value, longest_word))
      wrong.add(pointer, "expected a text of at most 200 bytes");
    else
      into.name = text_of(value);
  } else if (name == "labels") {
    take_labels(value, into.labels, pointer, wrong);
  } else if (name == "priority") {
    const auto urgency = value.is_string() ? read_priority(text_of(value)) : std::nullopt;
    if (!urgency)
      wrong.add(pointer, "expected low, normal or high");
    else
      into.urgency = *urgency;
  } else {
    return false;
  }
  return true;
}

void take_source(const json::value& value, batch_request& into, const std::string& pointer,
                 complaints& wrong) {
  const std::vector<source_kind> offered = engine::offered_sources();
  std::string words;
  bool known = false;
  for (const source_kind each : offered) {
    known = known || (value.is_string() && text_of(value) == each.word());
    words += words.empty() ? "" : (each == offered.back() ? " or " : ", ");
    words += each.word();
  }
  if (!known) return wrong.add(pointer, "expected " + words);
  into.source = text_of(value);
}

/// One line a row.
void take_orders(const json::value& value, batch_request& into, complaints& wrong) {
  const std::string lead = "/list/purchase_orders";
  if (!value.is_array() || value.as_array().empty())
    return wrong.add(lead, "expected an array with purchase orders");
  std::size_t at = 0;
  for (const json::value& each : value.as_array()) {
    const std::string pointer = fmt::format("{}/{}", lead, at++);
    if (!is_text(each, longest_word) && !is_count(each))
      return wrong.add(pointer, "expected a text or a whole number");
    into.list += json::serialize(json::object{{"po_number", each}}) + "\n";
  }
}

void take_rows(const json::value& value, batch_request& into, complaints& wrong) {
  if (!value.is_array() || value.as_array().empty())
    return wrong.add("/list/rows", "expected an array with rows");
  std::size_t at = 0;
  for (const json::value& each : value.as_array()) {
    const std::string pointer = fmt::format("/list/rows/{}", at++);
    if (!each.is_object() || each.as_object().empty())
      return wrong.add(pointer, "expected an object with members");
    for (const auto& member : each.as_object())
      if (member.value().is_structured())
        return wrong.add(pointer + "/" + escaped_pointer({member.key().data(), member.key().size()}),
                         "expected a text, a number, true, false or null");
    into.list += json::serialize(each) + "\n";
  }
}

void take_list(const json::value& value, batch_request& into, complaints& wrong) {
  if (!value.is_object() || value.as_object().size() != 1)
    return wrong.add("/list", "expected an object with either purchase_orders or rows");
  const auto& only = *value.as_object().begin();
  if (only.key() == "purchase_orders") return take_orders(only.value(), into, wrong);
  if (only.key() == "rows") return take_rows(only.value(), into, wrong);
  wrong.add("/list", "expected either purchase_orders or rows in it");
}

void take_member(std::string_view name, const json::value& value, batch_request& into, batch_record& common,
                 complaints& wrong) {
  const std::string pointer = "/" + escaped_pointer(name);
  if (take_common(name, value, common, pointer, wrong)) return;
  if (name == "list") return take_list(value, into, wrong);
  if (name == "source") return take_source(value, into, pointer, wrong);
  if (name == "profile") {
    if (!is_text(value, longest_word)) return wrong.add(pointer, "expected the name of a profile");
    into.profile = text_of(value);
  } else if (name == "mode") {
    into.plans = value.is_string() && value.as_string() == "plan";
    if (!into.plans && (!value.is_string() || value.as_string() != "fetch"))
      wrong.add(pointer, "expected fetch or plan");
  } else if (name == "options") {
    if (!value.is_object()) return wrong.add(pointer, "expected an object");
    batch_options tried;
    apply_options(value.as_object(), tried, pointer, wrong.errors);
    into.options = value.as_object();
  } else {
    wrong.add(pointer, "there is no such member");
  }
}

void finish(batch_request& into, batch_record& common) {
  into.name = std::move(common.name);
  into.labels = std::move(common.labels);
  into.urgency = common.urgency;
}

/// An object, or the problem.
std::optional<problem> parse_object(std::string_view body, json::object& into) {
  json::parse_options how;
  how.max_depth = 32;
  boost::system::error_code bad;
  json::value whole = json::parse({body.data(), body.size()}, bad, {}, how);
  problem refused;
  if (bad) {
    refused.slug = "bad-request";
    refused.detail = "The body is no JSON of at most 32 levels.";
    return refused;
  }
  if (!whole.is_object()) {
    complaints wrong;
    wrong.add("", "expected an object");
    return wrong.as_problem("invalid-member");
  }
  into = std::move(whole.as_object());
  return std::nullopt;
}

/// One parameter of a query; those that may be repeated are collected.
void take_parameter(const std::string& name, const std::string& text, batch_request& into,
                    batch_record& common, complaints& wrong) {
  if (name == "label") {
    common.labels.push_back(text);
    if (common.labels.size() > most_labels || text.size() > longest_word)
      wrong.add(name, "at most 16 labels of 200 bytes");
    return;
  }
  if (const option_rule* const rule = find_rule(name)) {
    if (rule->form == shape::words) {
      json::value& all = into.options[name];
      if (!all.is_array()) all = json::array();
      all.as_array().emplace_back(text);
      return;
    }
    auto value = from_text(text, rule->form);
    if (!value) return wrong.add(name, std::string(shape_words(rule->form)));
    if (into.options.contains(name)) return wrong.add(name, "it is there twice");
    into.options[name] = std::move(*value);
    return;
  }
  constexpr std::array<std::string_view, 5> plain{"name", "priority", "source", "profile", "mode"};
  if (!core::is_one_of(name, plain)) return wrong.add(name, "there is no such parameter");
  const std::size_t before = wrong.errors.size();
  take_member(name, json::value(text), into, common, wrong);
  if (wrong.errors.size() > before) wrong.errors.back().pointer = name;
}

}  // namespace

void apply_options(const json::object& options, batch_options& into, const std::string& lead,
                   std::vector<member_error>& errors) {
  for (const auto& member : options) {
    const std::string name(member.key().data(), member.key().size());
    const std::string pointer = lead.empty() ? name : lead + "/" + escaped_pointer(name);
    const option_rule* const rule = find_rule(name);
    if (rule == nullptr) {
      errors.push_back({pointer, "there is no such option"});
      continue;
    }
    if (!has_shape(member.value(), rule->form)) {
      errors.push_back({pointer, std::string(shape_words(rule->form))});
      continue;
    }
    if (std::string why = rule->put(member.value(), into); !why.empty()) {
      errors.push_back({pointer, std::move(why)});
    } else if (const auto valid = validate(into.pool); !valid) {
      errors.push_back({pointer, valid.error().message});
      return;
    }
  }
}

read_request request_of_json(std::string_view body) {
  read_request made;
  json::object members;
  made.refused = parse_object(body, members);
  if (made.refused) return made;
  complaints wrong;
  batch_record common;
  for (const auto& member : members)
    take_member({member.key().data(), member.key().size()}, member.value(), made.request, common, wrong);
  if (!members.contains("list")) wrong.add("/list", "it is missing");
  finish(made.request, common);
  made.refused = wrong.as_problem("invalid-member");
  return made;
}

read_request request_of_query(const query_parameters& query) {
  read_request made;
  complaints wrong;
  batch_record common;
  for (const auto& [name, text] : query) take_parameter(name, text, made.request, common, wrong);
  batch_options tried;
  apply_options(made.request.options, tried, "", wrong.errors);
  finish(made.request, common);
  made.refused = wrong.as_problem("invalid-parameter");
  return made;
}

std::optional<problem> patch_record(std::string_view body, batch_record& record) {
  json::object members;
  if (auto refused = parse_object(body, members)) return refused;
  complaints wrong;
  batch_record changed;
  changed.name = record.name;
  changed.labels = record.labels;
  changed.urgency = record.urgency;
  json::object options = record.options;
  for (const auto& member : members) {
    const std::string name(member.key().data(), member.key().size());
    const std::string pointer = "/" + escaped_pointer(name);
    const json::value& value = member.value();
    const bool of_options = name == "workers" || name == "max_concurrent";
    if (value.is_null()) {  // back to the default
      if (name == "name")
        changed.name.clear();
      else if (name == "labels")
        changed.labels.clear();
      else if (name == "priority")
        changed.urgency = priority::normal;
      else if (of_options)
        options.erase(name);
      else
        wrong.add(pointer, "it cannot be changed");
    } else if (of_options) {
      options[name] = value;
      batch_options tried;
      apply_options({{name, value}}, tried, "", wrong.errors);
    } else if (!take_common(name, value, changed, pointer, wrong)) {
      wrong.add(pointer, "it cannot be changed");
    }
  }
  for (member_error& each : wrong.errors)
    if (!each.pointer.starts_with('/')) each.pointer.insert(0, "/");
  if (auto refused = wrong.as_problem("invalid-member")) return refused;
  record.name = std::move(changed.name);
  record.labels = std::move(changed.labels);
  record.urgency = changed.urgency;
  record.options = std::move(options);
  return std::nullopt;
}

const profile* choose_profile(const std::vector<profile>& all, const batch_request& asked, std::string& why) {
  std::vector<const profile*> fitting;
  for (const profile& each : all) {
    const bool named = asked.profile.empty() || each.name == asked.profile;
    const bool same = asked.source.empty() || to_string(each.access.source) == asked.source;
    if (named && same) fitting.push_back(&each);
  }
  if (fitting.size() == 1) return fitting.front();
  if (!asked.profile.empty()) {
    why = "there is no profile of that name";
    if (!asked.source.empty()) why += " for this source";
  } else if (fitting.empty()) {
    why = "no profile fits; the configuration file of the service names them";
  } else {
    why = "several profiles fit, name one of them";
  }
  return nullptr;
}

batch_options options_for(const batch_record& record, const profile& from,
                          const std::filesystem::path& folder) {
  batch_options made;
  static_cast<instance_options&>(made) = from.access;
  std::vector<member_error> ignored;
  apply_options(record.options, made, "", ignored);
  made.input = (folder / record.list_file).string();
  made.out = folder / "out";
  const std::vector<po_status> none;
  const std::vector<po_status>& statuses = record.chosen ? record.chosen->statuses : none;
  made.pool.retry_skipped = std::find(statuses.begin(), statuses.end(), po_status::skipped) != statuses.end();
  // The addresses of a manifest stand in the list only.
  if (record.list_read && !engine::facts_of(record.source).names_files) {
    made.resume = record.chosen ? *record.chosen : work_choice{{po_status::pending}};
    made.pool.refresh.reset();
  }
  made.priority = static_cast<batch_priority>(record.urgency);
  made.look_only = record.plans;
  return made;
}

}  // namespace pofetch::service
