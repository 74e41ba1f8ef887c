#include "service/server/route_table.hpp"

#include "core/ascii.hpp"

#include <pofetch/version.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace pofetch::service {

namespace {

bool is_name(std::string_view part) { return part.starts_with('{'); }
bool is_rest(std::string_view part) { return part.ends_with("...}"); }

/// Nothing: the segments are others.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& segments) {
  const auto parts = core::split(pattern.substr(1), '/').list();
  std::vector<std::string> names;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at >= segments.size()) return std::nullopt;
    if (is_rest(parts[at])) {
      std::string rest = segments[at];
      for (std::size_t next = at + 1; next < segments.size(); ++next) rest += "/" + segments[next];
      names.push_back(std::move(rest));
      return names;
    }
    if (is_name(parts[at])) {
      if (segments[at].empty()) return std::nullopt;
      names.push_back(segments[at]);
    } else if (parts[at] != segments[at]) {
      return std::nullopt;
    }
  }
  if (parts.size() != segments.size()) return std::nullopt;
  return names;
}

boost::json::object operation_of(const route& each) {
  namespace json = boost::json;
  json::object made{{"summary", std::string(each.summary)}};
  json::array parameters;
  for (const std::string& name : names_in_pattern(each.pattern))
    parameters.push_back(json::object{
        {"name", name}, {"in", "path"}, {"required", true}, {"schema", json::object{{"type", "string"}}}});
  if (!parameters.empty()) made["parameters"] = std::move(parameters);
  if (each.body == takes::json)
    made["requestBody"] = json::object{
        {"content",
         json::object{{"application/json", json::object{{"schema", json::object{{"type", "object"}}}}}}}};
  made["responses"] = json::object{
      {"default", json::object{{"description",
                                "What was asked for, or an error as application/problem+json (RFC 9457)."}}}};
  if (each.needs == scope::none)
    made["security"] = json::array();
  else
    made["description"] = "Needs a token with the scope " + std::string(to_string(each.needs)) + ".";
  return made;
}

}  // namespace

route_table::found route_table::find(std::string_view method,
                                     const std::vector<std::string>& segments) const {
  found made;
  std::vector<std::string_view> methods;
  for (const route& each : routes_) {
    auto names = match(each.pattern, segments);
    if (!names) continue;
    methods.push_back(each.method);
    if (each.method == "GET") methods.push_back("HEAD");
    const bool wanted = each.method == method || (method == "HEAD" && each.method == "GET");
    if (!wanted || made.what != nullptr) continue;
    made.what = &each;
    made.names = std::move(*names);
  }
  if (methods.empty()) return made;
  methods.push_back("OPTIONS");
  for (const std::string_view each : methods) {
    if (!made.allow.empty()) made.allow += ", ";
    made.allow += each;
  }
  return made;
}

std::vector<std::string> names_in_pattern(std::string_view pattern) {
  std::vector<std::string> names;
  for (const std::string_view part : core::split(pattern.substr(1), '/')) {
    if (!is_name(part)) continue;
    const std::size_t end = part.find_first_of(".}");
    names.emplace_back(part.substr(1, end - 1));
  }
  return names;
}

std::string openapi_json(const std::vector<route>& routes) {
  namespace json = boost::json;
  json::object paths;
  for (const route& each : routes) {
    std::string path(each.pattern);
    if (const std::size_t dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
    json::value& at = paths[path];
    if (!at.is_object()) at = json::object();
    at.as_object()[core::to_lower(each.method)] = operation_of(each);
  }
  const json::object bearer{{"type", "http"}, {"scheme", "bearer"}};
  const json::object whole{{"openapi", "3.1.0"},
                           {"info", json::object{{"title", "pofetch serve"}, {"version", version}}},
                           {"paths", std::move(paths)},
                           {"components", json::object{{"securitySchemes", json::object{{"token", bearer}}}}},
                           {"security", json::array{json::object{{"token", json::array()}}}}};
  return json::serialize(whole);
}

}  // namespace pofetch::service
