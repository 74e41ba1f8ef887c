#include "coupa-sim/validators.hpp"

#include "coupa-sim/times.hpp"

namespace coupa_sim {
namespace {

std::string_view opaque(std::string_view etag) {
  while (!etag.empty() && etag.front() == ' ') etag.remove_prefix(1);
  while (!etag.empty() && etag.back() == ' ') etag.remove_suffix(1);
  if (etag.substr(0, 2) == "W/") etag.remove_prefix(2);
  return etag;
}

/// The weak comparison of section 8.8.3.2, against a list.
bool lists(std::string_view field, std::string_view etag) {
  if (opaque(field) == "*") return true;
  for (;;) {
    const auto comma = field.find(',');
    if (opaque(field.substr(0, comma)) == opaque(etag)) return true;
    if (comma == std::string_view::npos) return false;
    field.remove_prefix(comma + 1);
  }
}

bool is_unchanged(const site_request& request, const validators& now) {
  if (!request.if_none_match.empty()) return !now.etag.empty() && lists(request.if_none_match, now.etag);
  if (request.if_modified_since.empty() || now.modified == 0) return false;
  const auto since = parse_http_date(request.if_modified_since);
  return since && now.modified <= *since;
}

}  // namespace

void apply_validators(site_reply& reply, const site_request& request, const validators& now) {
  if (!now.etag.empty()) reply.fields += "ETag: " + now.etag + "\r\n";
  if (now.modified != 0) reply.fields += "Last-Modified: " + http_date(now.modified) + "\r\n";
  if (!is_unchanged(request, now)) return;
  reply.status = 304;
  reply.body.clear();
  reply.file.reset();
  reply.length = 0;
  reply.chunked = false;
  reply.gzip = false;
}

}  // namespace coupa_sim
