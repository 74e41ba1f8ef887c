#include "service/server/route_table.hpp"

#include "core/ascii.hpp"

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

}  // namespace pofetch::service
