#include "service/schemas/openapi.hpp"

#include "core/ascii.hpp"
#include "service/schemas/json_texts.hpp"
#include "service/schemas/schema_book.hpp"

#include <pofetch/version.hpp>

#include <boost/json.hpp>

#include <array>

namespace pofetch::service {

namespace json = boost::json;

namespace {

json::object reference(const std::string& kind, const std::string& name) {
  return {{"$ref", "#/components/" + kind + "/" + name}};
}

std::string text_in(const json::value& value) { return std::string(value.as_string().c_str()); }

/// `/v1/batches/{id}/files/{path...}` as OpenAPI writes it.
std::string path_of(const route& each) {
  std::string path(each.pattern);
  if (const std::size_t dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

json::object page_of(const std::string& name) {
  const json::object items{{"type", "array"}, {"items", reference("schemas", name)}};
  const json::object cursor{{"type", json::array{"string", "null"}}};
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", json::array{"items", "next_cursor"}},
          {"properties", json::object{{"items", items}, {"next_cursor", cursor}}}};
}

/// A string: the name of a schema of JSON; an array: types of other bodies; null: no body.
json::object answer_of(const json::value& what) {
  json::object content;
  if (what.is_string())
    content["application/json"] = json::object{{"schema", reference("schemas", text_in(what))}};
  if (what.is_array())
    for (const json::value& type : what.as_array()) content[type.as_string()] = json::object();
  json::object made{{"description", content.empty() ? "Nothing more to say." : "What was asked for."}};
  if (!content.empty()) made["content"] = std::move(content);
  return made;
}

json::object answers_of(const json::object& about, const route& each) {
  json::object made;
  if (const json::value* const answers = about.if_contains("answers"))
    for (const auto& one : answers->as_object()) made[one.key()] = answer_of(one.value());
  if (const json::value* const page = about.if_contains("page"))
    made["200"] = answer_of(json::value(text_in(*page) + "Page"));
  if (const json::value* const problems = about.if_contains("problems"))
    for (const json::value& status : problems->as_array())
      made[json::serialize(status)] = reference("responses", "Problem");
  if (each.needs != scope::none)
    for (const char* status : {"401", "403", "429"}) made[status] = reference("responses", "Problem");
  made["default"] = reference("responses", "Problem");
  return made;
}

json::object body_of(const json::object& bodies, bool needed) {
  json::object content;
  for (const auto& one : bodies) {
    json::object body;
    if (one.value().is_string()) body["schema"] = reference("schemas", text_in(one.value()));
    content[one.key()] = std::move(body);
  }
  return {{"required", needed}, {"content", std::move(content)}};
}

/// What stands in the query beside a list that is the body.
void add_batch_parameters(json::array& into) {
  const auto add = [&into](json::string_view name, const json::value& schema) {
    into.push_back(json::object{{"name", name}, {"in", "query"}, {"schema", schema}});
  };
  const json::object& batch = all_schemas().at("NewBatch").at("properties").as_object();
  for (const char* name : {"name", "priority", "source", "profile", "mode"}) add(name, batch.at(name));
  add("label", all_schemas().at("Labels"));
  for (const auto& each : all_schemas().at("BatchOptions").at("properties").as_object())
    add(each.key(), each.value());
}

json::array parameters_of(const json::object& about, const route& each) {
  json::array made;
  for (const std::string& name : names_in_pattern(each.pattern)) {
    const json::object schema =
        name == "id" ? reference("schemas", "BatchId") : json::object{{"type", "string"}};
    made.push_back(json::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", schema}});
  }
  if (const json::value* const named = about.if_contains("parameters"))
    for (const json::value& name : named->as_array()) made.push_back(reference("parameters", text_in(name)));
  if (about.contains("options_in_query")) add_batch_parameters(made);
  return made;
}

json::object operation_of(const json::object& about, const route& each) {
  json::object made{{"operationId", about.at("id")},
                    {"tags", json::array{about.at("tag")}},
                    {"summary", std::string(each.summary)}};
  if (each.needs == scope::none)
    made["security"] = json::array();
  else
    made["description"] = "Needs a token with the scope " + std::string(to_string(each.needs)) + ".";
  json::array parameters = parameters_of(about, each);
  if (!parameters.empty()) made["parameters"] = std::move(parameters);
  const bool needs_body = each.body == takes::stream || each.method == "PATCH";
  if (const json::value* const bodies = about.if_contains("takes"))
    made["requestBody"] = body_of(bodies->as_object(), needs_body);
  made["responses"] = answers_of(about, each);
  return made;
}

json::object components_of(const json::object& operations, const json::value& parameters) {
  json::object schemas = all_schemas();
  for (const auto& each : operations)
    if (const json::value* const page = each.value().as_object().if_contains("page"))
      schemas[text_in(*page) + "Page"] = page_of(text_in(*page));
  const json::object schema{{"schema", reference("schemas", "Problem")}};
  const json::object problem{{"description", "Why not, and what helps (RFC 9457)."},
                             {"content", json::object{{"application/problem+json", schema}}}};
  const json::object bearer{{"type", "http"}, {"scheme", "bearer"}};
  return {{"schemas", std::move(schemas)},
          {"parameters", parameters},
          {"responses", json::object{{"Problem", problem}}},
          {"securitySchemes", json::object{{"token", bearer}}}};
}

json::array tags() {
  constexpr std::array<std::pair<const char*, const char*>, 4> all{{
      {"service", "The service itself."},
      {"batches", "Lists that are worked on."},
      {"results", "What a batch has found."},
      {"events", "What happens, as it happens."},
  }};
  json::array made;
  for (const auto& [name, words] : all) made.push_back(json::object{{"name", name}, {"description", words}});
  return made;
}

}  // namespace

std::string openapi_json(const std::vector<route>& routes) {
  const json::value about = json::parse({operations_text.data(), operations_text.size()});
  const json::object& operations = about.at("operations").as_object();
  json::object paths;
  for (const route& each : routes) {
    const std::string path = path_of(each);
    const std::string name = std::string(each.method) + " " + path;
    const json::value* const known = operations.if_contains(name);
    if (known == nullptr && !path.starts_with("/v1/")) continue;   // of the page
    const json::object unknown{{"id", name}, {"tag", "service"}};  // the linters complain about it
    const json::object& one = known != nullptr ? known->as_object() : unknown;
    json::value& at = paths[path];
    if (!at.is_object()) at = json::object();
    at.as_object()[core::to_lower(each.method)] = operation_of(one, each);
  }
  const json::object license{{"name", "MIT"}, {"identifier", "MIT"}};
  const json::object info{{"title", "pofetch serve"},
                          {"version", version},
                          {"description", "Batches of purchase orders whose attachments are downloaded."},
                          {"license", license}};
  const json::object whole{{"openapi", "3.1.0"},
                           {"info", info},
                           {"servers", json::array{json::object{{"url", "/"}}}},
                           {"security", json::array{json::object{{"token", json::array()}}}},
                           {"tags", tags()},
                           {"paths", std::move(paths)},
                           {"webhooks", about.at("webhooks")},
                           {"components", components_of(operations, about.at("parameters"))}};
  return json::serialize(whole);
}

}  // namespace pofetch::service
