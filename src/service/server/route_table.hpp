#pragma once

#include "service/server/exchange.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// What a route does with a body.
enum class takes { nothing, json, stream };

/// One thing that can be done with one kind of address.
struct route {
  std::string_view method;
  /// `/v1/batches/{id}`; `{path...}` at the end stands for one segment or more.
  std::string_view pattern;
  scope needs = scope::none;
  takes body = takes::nothing;
  /// Said in openapi.json.
  std::string_view summary;
  /// Is called on the service's executor; the request outlives the call.
  std::function<awaitable<reply>(request&)> handle;
};

/// The one table from which dispatch, scopes, Allow and openapi.json come.
class route_table {
 public:
  explicit route_table(std::vector<route> routes);

  struct found {
    /// Null: there is none with this method.
    const route* what = nullptr;
    std::vector<std::string> names{};
    /// Value of Allow; empty: there is no such address.
    std::string allow{};
  };
  /// HEAD is where GET is, OPTIONS is everywhere. Of addresses that fit, the first one counts.
  [[nodiscard]] found find(std::string_view method, const std::vector<std::string>& segments) const;

  [[nodiscard]] const std::vector<route>& all() const noexcept { return routes_; }

 private:
  /// What can be done with one kind of address. Taken apart once, since every request looks through all.
  struct address {
    std::string_view pattern;
    std::vector<std::string> parts;
    std::vector<std::size_t> routes;  ///< by their place
    std::string allow;
  };

  std::vector<route> routes_;
  std::vector<address> addresses_;
};

/// The names in a pattern: `id`, `path`.
[[nodiscard]] std::vector<std::string> names_in_pattern(std::string_view pattern);

}  // namespace pofetch::service
