#include "service/server/route_table.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace pofetch::service {

namespace {

bool is_name(std::string_view part) { return part.starts_with('{'); }
bool is_rest(std::string_view part) { return part.ends_with("...}"); }

bool fits(const std::vector<std::string>& parts, const std::vector<std::string>& segments) {
  const bool open_end = is_rest(parts.back());
  if (open_end ? segments.size() < parts.size() : segments.size() != parts.size()) return false;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (is_rest(parts[at])) return true;
    if (is_name(parts[at]) ? segments[at].empty() : parts[at] != segments[at]) return false;
  }
  return true;
}

std::vector<std::string> names_of(const std::vector<std::string>& parts,
                                  const std::vector<std::string>& segments) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (!is_name(parts[at])) continue;
    names.push_back(segments[at]);
    if (!is_rest(parts[at])) continue;
    for (std::size_t next = at + 1; next < segments.size(); ++next) names.back() += "/" + segments[next];
  }
  return names;
}

}  // namespace

route_table::route_table(std::vector<route> routes) : routes_(std::move(routes)) {
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const route& each = routes_[i];
    auto at = std::find_if(addresses_.begin(), addresses_.end(),
                           [&each](const address& one) { return one.pattern == each.pattern; });
    if (at == addresses_.end()) {
      at = addresses_.insert(at, {each.pattern, {}, {}, {}});
      for (const std::string_view part : core::split(each.pattern.substr(1), '/'))
        at->parts.emplace_back(part);
    }
    at->routes.push_back(i);
    at->allow += std::string(each.method) + (each.method == "GET" ? ", HEAD, " : ", ");
  }
  for (address& each : addresses_) each.allow += "OPTIONS";
}

route_table::found route_table::find(std::string_view method,
                                     const std::vector<std::string>& segments) const {
  found made;
  const auto at = std::find_if(addresses_.begin(), addresses_.end(),
                               [&segments](const address& each) { return fits(each.parts, segments); });
  if (at == addresses_.end()) return made;
  made.allow = at->allow;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const std::size_t each : at->routes) {
    if (routes_[each].method != wanted) continue;
    made.what = &routes_[each];
    made.names = names_of(at->parts, segments);
    break;
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
