#include "service/batches/batch_request.hpp"

#include "core/ascii.hpp"
#include "service/schemas/schema_book.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

std::string text_of(const json::value& value) {
  return std::string(value.as_string().c_str(), value.as_string().size());
}

std::vector<std::string> words_of(const json::value& value) {
  std::vector<std::string> all;
  for (const json::value& each : value.as_array()) all.push_back(text_of(each));
  return all;
}

std::optional<problem> as_problem(std::string_view slug, std::vector<member_error> wrong) {
  if (wrong.empty()) return std::nullopt;
  problem made;
  made.slug = slug;
  made.detail = wrong.front().pointer + ": " + wrong.front().detail;
  made.errors = std::move(wrong);
  return made;
}

/// Texts that no list and no screen could show. Cells of rows are the list's own business.
void add_unprintable(const json::value& what, const std::string& pointer, std::vector<member_error>& wrong) {
  if (pointer == "/list/rows") return;
  if (what.is_string()) {
    const auto& text = what.as_string();
    if (std::any_of(text.begin(), text.end(), core::is_control))
      wrong.push_back({pointer, "control characters are not allowed in it"});
  } else if (what.is_array()) {
    std::size_t at = 0;
    for (const json::value& each : what.as_array())
      add_unprintable(each, pointer + "/" + std::to_string(at++), wrong);
  } else if (what.is_object()) {
    for (const auto& each : what.as_object())
      add_unprintable(each.value(), pointer + "/" + pointer_part({each.key().data(), each.key().size()}),
                      wrong);
  }
}

/// JSON that follows the schema, or the problem.
std::optional<problem> read_body(std::string_view body, std::string_view schema, json::value& into) {
  json::parse_options how;
  how.max_depth = 32;
  boost::system::error_code bad;
  into = json::parse({body.data(), body.size()}, bad, {}, how);
  if (bad) return problem{"bad-request", "The body is no JSON of at most 32 levels."};
  auto wrong = check_schema(schema, into);
  if (wrong.empty()) add_unprintable(into, "", wrong);
  return as_problem("invalid-member", std::move(wrong));
}

/// One line a row.
std::string list_text(const json::object& list) {
  std::string made;
  if (const json::value* const rows = list.if_contains("rows")) {
    for (const json::value& each : rows->as_array()) made += json::serialize(each) + "\n";
    return made;
  }
  for (const json::value& each : list.at("purchase_orders").as_array())
    made += json::serialize(json::object{{"po_number", each}}) + "\n";
  return made;
}

/// What follows the schema, as a request. Adds what else is wrong with its options.
batch_request request_of(const json::object& members, std::vector<member_error>& wrong) {
  batch_request made;
  const auto text = [&members](const char* name, std::string& into) {
    if (const json::value* const found = members.if_contains(name)) into = text_of(*found);
  };
  text("name", made.name);
  text("source", made.source);
  text("profile", made.profile);
  if (const json::value* const mode = members.if_contains("mode")) made.plans = *mode == "plan";
  std::string urgency;
  text("priority", urgency);
  made.urgency = read_priority(urgency).value_or(priority::normal);
  if (const json::value* const labels = members.if_contains("labels")) made.labels = words_of(*labels);
  if (const json::value* const options = members.if_contains("options")) made.options = options->as_object();
  made.list = list_text(members.at("list").as_object());
  batch_options tried;
  apply_options(made.options, tried, "/options", wrong);
  return made;
}

// --- a query beside a list ---

/// The text in the form that its schema wants, if that is possible.
json::value typed(const std::string& text, const json::object& schema) {
  const json::value* const type = schema.if_contains("type");
  if (type != nullptr && *type == "boolean" && (text == "true" || text == "false")) return text == "true";
  if (type == nullptr || *type != "integer") return json::value(text);
  boost::system::error_code bad;
  const json::value number = json::parse(text, bad);
  return !bad && number.is_int64() ? number : json::value(text);
}

/// One parameter as a member of the JSON that would say the same. A sentence where that cannot be.
std::string take_parameter(const std::string& name, const std::string& text, json::object& members) {
  constexpr std::array<std::string_view, 5> plain{"name", "priority", "source", "profile", "mode"};
  const auto put = [&](json::object& into, const std::string& as, json::value value) {
    return into.emplace(as, std::move(value)).second ? std::string() : std::string("it is there twice");
  };
  const auto append = [&text](json::object& into, const std::string& as) {
    const auto found = into.emplace(as, json::array()).first;
    found->value().as_array().emplace_back(text);
    return std::string();
  };
  if (name == "label") return append(members, "labels");
  if (core::is_one_of(name, plain)) return put(members, name, json::value(text));
  const json::value* const found =
      all_schemas().at("BatchOptions").at("properties").as_object().if_contains(name);
  if (found == nullptr) return "there is no such parameter";
  json::object& options = members["options"].as_object();
  const json::object& schema = resolved_schema(found->as_object());
  const json::value* const type = schema.if_contains("type");
  if (type != nullptr && *type == "array") return append(options, name);
  return put(options, name, typed(text, schema));
}

/// `/options/workers` and `/labels/3` as the query calls them.
std::string parameter_of(std::string_view pointer) {
  constexpr std::string_view lead = "/options/";
  if (pointer.starts_with("/labels")) return "label";
  pointer.remove_prefix(std::min(pointer.size(), pointer.starts_with(lead) ? lead.size() : 1));
  return std::string(pointer.substr(0, pointer.find('/')));
}

}  // namespace

read_request request_of_json(std::string_view body) {
  read_request made;
  json::value whole;
  made.refused = read_body(body, "NewBatch", whole);
  if (made.refused) return made;
  std::vector<member_error> wrong;
  made.request = request_of(whole.as_object(), wrong);
  made.refused = as_problem("invalid-member", std::move(wrong));
  return made;
}

read_request request_of_query(const query_parameters& query) {
  read_request made;
  std::vector<member_error> wrong;
  json::value whole = json::object{{"list", json::object{{"purchase_orders", json::array{"the body"}}}},
                                   {"options", json::object()}};
  json::object& members = whole.as_object();
  for (const auto& [name, text] : query)
    if (std::string why = take_parameter(name, text, members); !why.empty())
      wrong.push_back({name, std::move(why)});
  const bool readable = wrong.empty();
  for (member_error& each : check_schema("NewBatch", whole))
    wrong.push_back({parameter_of(each.pointer), std::move(each.detail)});
  if (readable && wrong.empty()) {
    made.request = request_of(members, wrong);
    made.request.list.clear();
    for (member_error& each : wrong) each.pointer = parameter_of(each.pointer);
  }
  made.refused = as_problem("invalid-parameter", std::move(wrong));
  return made;
}

std::optional<problem> patch_record(std::string_view body, batch_record& record) {
  json::value whole;
  if (auto refused = read_body(body, "BatchPatch", whole)) return refused;
  const json::object& members = whole.as_object();
  json::object options = record.options;
  std::vector<member_error> wrong;
  for (const char* name : {"workers", "max_concurrent"}) {
    const json::value* const found = members.if_contains(name);
    if (found == nullptr) continue;
    options.erase(name);
    if (found->is_null()) continue;
    options[name] = *found;
    const json::object one{{name, *found}};
    batch_options tried;
    apply_options(one, tried, "", wrong);
  }
  if (auto refused = as_problem("invalid-member", std::move(wrong))) return refused;
  record.options = std::move(options);
  if (const json::value* const name = members.if_contains("name"))
    record.name = name->is_null() ? std::string() : text_of(*name);
  if (const json::value* const labels = members.if_contains("labels"))
    record.labels = labels->is_null() ? std::vector<std::string>() : words_of(*labels);
  if (const json::value* const urgency = members.if_contains("priority"))
    record.urgency =
        urgency->is_null() ? priority::normal : read_priority(text_of(*urgency)).value_or(priority::normal);
  return std::nullopt;
}

std::optional<problem> read_small_body(std::string_view body, std::string_view schema, json::object& into) {
  if (body.empty()) return std::nullopt;
  json::value whole;
  auto refused = read_body(body, schema, whole);
  if (!refused) into = std::move(whole.as_object());
  return refused;
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
  if (record.list_read) {
    made.resume = record.chosen ? *record.chosen : work_choice{{po_status::pending}};
    made.pool.refresh.reset();
  }
  made.priority = static_cast<batch_priority>(record.urgency);
  made.look_only = record.plans;
  return made;
}

}  // namespace pofetch::service
