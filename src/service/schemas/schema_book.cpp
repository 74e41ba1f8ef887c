#include "service/schemas/schema_book.hpp"

#include "core/ascii.hpp"
#include "service/schemas/json_texts.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr std::string_view schema_lead = "#/components/schemas/";

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

json::object read_schemas() {
  json::object all;
  for (const std::string_view text : {request_schemas_text, answer_schemas_text, found_schemas_text}) {
    const json::value some = json::parse({text.data(), text.size()});
    for (const auto& each : some.as_object()) all.emplace(each.key(), each.value());
  }
  return all;
}

using compiled_schemas = std::map<std::string, std::unique_ptr<valijson::Schema>, std::less<>>;

/// Those of requests: nobody checks answers in here.
compiled_schemas compile() {
  compiled_schemas made;
  const json::object requests =
      json::parse({request_schemas_text.data(), request_schemas_text.size()}).as_object();
  for (const auto& each : requests) {
    const std::string name(each.key().data(), each.key().size());
    const json::value whole = json::object{{"$ref", std::string(schema_lead) + name},
                                           {"components", json::object{{"schemas", all_schemas()}}}};
    auto schema = std::make_unique<valijson::Schema>();
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::BoostJsonAdapter(whole), *schema);
    made.emplace(name, std::move(schema));
  }
  return made;
}

// --- sentences ---

std::string joined(const std::vector<std::string>& words) {
  std::string made;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) made += i + 1 == words.size() ? " or " : ", ";
    made += words[i];
  }
  return made;
}

std::string type_words(std::string_view type) {
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "string") return "a text";
  if (type == "boolean") return "true or false";
  if (type == "array") return "an array";
  if (type == "object") return "an object";
  return std::string(type);
}

std::string bounds_words(const json::object& schema) {
  std::string made;
  const auto add = [&](const char* name, std::string_view words) {
    if (const json::value* const bound = schema.if_contains(name); bound != nullptr)
      made += fmt::format(fmt::runtime(words), bound->to_number<std::int64_t>());
  };
  add("maxLength", " of at most {} characters");
  add("minItems", " with at least {}");
  add("maxItems", " with at most {}");
  add("minProperties", " with at least {} member");
  add("maxProperties", " and at most {}");
  if (const json::value* const items = schema.if_contains("items"); items != nullptr)
    if (const json::value* const type = resolved_schema(items->as_object()).if_contains("type");
        type != nullptr && type->is_string())
      made += fmt::format(", each {}", type_words(view(type->as_string())));
  return made;
}

/// What the schema wants, as a sentence.
std::string expectation(const json::object& schema) {
  std::vector<std::string> words;
  if (const json::value* const values = schema.if_contains("enum")) {
    for (const json::value& each : values->as_array())
      words.push_back(each.is_string() ? std::string(view(each.as_string())) : json::serialize(each));
    return "expected " + joined(words);
  }
  const json::value* const type = schema.if_contains("type");
  if (type == nullptr) return "it has another form";
  if (type->is_string()) words.push_back(type_words(view(type->as_string())));
  if (type->is_array())
    for (const json::value& each : type->as_array()) words.push_back(type_words(view(each.as_string())));
  return "expected " + joined(words) + bounds_words(schema);
}

// --- places ---

/// A place in a value, with what should be there.
struct schema_place {
  const json::object* schema = nullptr;
  const json::value* what = nullptr;
  std::string pointer{};
};

const json::object* child_schema(const json::object& schema, const std::string& name) {
  const json::value* found = nullptr;
  if (const json::value* const members = schema.if_contains("properties"))
    found = members->as_object().if_contains(name);
  if (found == nullptr) found = schema.if_contains("items");
  if (found == nullptr) found = schema.if_contains("additionalProperties");
  return found != nullptr && found->is_object() ? &resolved_schema(found->as_object()) : nullptr;
}

const json::value* child_value(const json::value& what, const std::string& name) {
  if (what.is_object()) return what.as_object().if_contains(name);
  const auto at = core::parse_unsigned(name);
  return what.is_array() && at ? what.as_array().if_contains(static_cast<std::size_t>(*at)) : nullptr;
}

/// `<root>`, `[list]`, `[rows]`, `[3]`: how the validator says where it is.
schema_place find_place(const json::object& schema, const json::value& what,
                        const std::vector<std::string>& context) {
  schema_place at{&schema, &what};
  for (const std::string& step : context) {
    if (step.size() < 2 || step.front() != '[') continue;
    const std::string name = step.substr(1, step.size() - 2);
    at.pointer += "/" + pointer_part(name);
    if (at.schema != nullptr) at.schema = child_schema(*at.schema, name);
    if (at.what != nullptr) at.what = child_value(*at.what, name);
  }
  return at;
}

void add_unknown_members(const schema_place& at, std::vector<member_error>& into) {
  const json::value* const known = at.schema->if_contains("properties");
  for (const auto& member : at.what->as_object())
    if (known == nullptr || !known->as_object().contains(member.key()))
      into.push_back({at.pointer + "/" + pointer_part({member.key().data(), member.key().size()}),
                      "there is no such member"});
}

void add_missing_members(const schema_place& at, std::vector<member_error>& into) {
  const json::value* const needed = at.schema->if_contains("required");
  if (needed == nullptr) return;
  for (const json::value& each : needed->as_array())
    if (!at.what->as_object().contains(each.as_string()))
      into.push_back({at.pointer + "/" + pointer_part(view(each.as_string())), "it is missing"});
}

}  // namespace

const json::object& all_schemas() {
  static const json::object all = read_schemas();
  return all;
}

const json::object& resolved_schema(const json::object& schema) {
  const json::value* const name = schema.if_contains("$ref");
  if (name == nullptr) return schema;
  return resolved_schema(all_schemas().at(view(name->as_string()).substr(schema_lead.size())).as_object());
}

std::string pointer_part(std::string_view name) {
  std::string made;
  for (const char c : name) made += c == '~' ? "~0" : (c == '/' ? "~1" : std::string(1, c));
  return made;
}

std::vector<member_error> check_schema(std::string_view name, const json::value& what) {
  static const compiled_schemas compiled = compile();
  const auto found = compiled.find(name);
  if (found == compiled.end()) throw std::out_of_range("no schema " + std::string(name));
  const valijson::adapters::BoostJsonAdapter adapter(what);
  valijson::Validator validator;
  std::vector<member_error> wrong;
  if (validator.validate(*found->second, adapter, nullptr)) return wrong;
  valijson::ValidationResults results;
  static_cast<void>(validator.validate(*found->second, adapter, &results));
  const json::object& schema = all_schemas().at(name).as_object();
  std::set<std::string> seen;
  for (const auto& each : results) {
    const std::string_view text = each.description;
    if (text.starts_with("Failed to validate"))
      continue;  // because of what is in it, which is told by itself
    const schema_place at = find_place(schema, what, each.context);
    if (at.schema == nullptr || at.what == nullptr || !seen.insert(at.pointer).second) continue;
    const bool of_members = text.starts_with("Object contains") || text.starts_with("Missing");
    if (of_members) {
      add_unknown_members(at, wrong);
      add_missing_members(at, wrong);
    } else {
      wrong.push_back({at.pointer, expectation(*at.schema)});
    }
  }
  if (wrong.empty()) wrong.push_back({"", "it has another form"});
  return wrong;
}

}  // namespace pofetch::service
