// Any bytes as an address: the table finds at most one route for it, and what stands for the names in its
// pattern, put back in their places, gives the address again.
#include "fuzz/fuzz_input.hpp"
#include "service/server/heads/request_target.hpp"
#include "service/server/route_table.hpp"

#include <string>
#include <vector>

namespace {

using namespace pofetch;
using service::route;
using service::route_table;

/// Shapes as the service has them.
const route_table& table() {
  static const route_table made([] {
    std::vector<route> all;
    for (const char* each :
         {"/", "/healthz", "/v1/batches", "/v1/batches/{id}", "/v1/batches/{id}/purchase-orders",
          "/v1/batches/{id}/purchase-orders/{po}", "/v1/batches/{id}/files",
          "/v1/batches/{id}/files/{path...}", "/v1/profiles/{name}/session"})
      all.push_back({"GET", each, {}, {}, {}, {}});
    all.push_back({"DELETE", "/v1/batches/{id}", {}, {}, {}, {}});
    return all;
  }());
  return made;
}

std::string joined(const std::vector<std::string>& segments) {
  std::string made;
  for (const std::string& each : segments) made += "/" + each;
  return made;
}

std::string filled(std::string_view pattern, const std::vector<std::string>& names) {
  std::string made(pattern);
  std::size_t from = 0;
  for (const std::string& each : names) {
    const std::size_t at = made.find('{', from);
    fuzz::require(at != std::string::npos);
    made.replace(at, made.find('}', at) + 1 - at, each);
    from = at + each.size();
  }
  fuzz::require(made.find('{', from) == std::string::npos);
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target = service::read_target(fuzz::text_of(data, size));
  if (!target) return 0;
  const std::string address = joined(target->segments);
  for (const char* method : {"GET", "HEAD", "DELETE", "PUT"}) {
    const auto found = table().find(method, target->segments);
    if (found.what == nullptr) continue;
    fuzz::require(!found.allow.empty());
    fuzz::require(filled(found.what->pattern, found.names) == address);
    for (const std::string& each : found.names)
      fuzz::require(!each.empty() || found.what->pattern.ends_with("...}"));
  }
  return 0;
}
