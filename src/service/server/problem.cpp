#include "service/server/problem.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace pofetch::service {

namespace {

constexpr std::array<problem_kind, 33> all_problems{{
    {"bad-request", 400, "The request is not understood."},
    {"digest-mismatch", 400, "The body is not the one that its digest was made of."},
    {"invalid-cursor", 400, "The cursor is none, or belongs to another question."},
    {"invalid-parameter", 400, "A query parameter is wrong or unknown."},
    {"unauthorized", 401, "A token is needed."},
    {"cross-site", 403, "Requests from other web pages are not answered."},
    {"scope-missing", 403, "The token does not allow this."},
    {"not-found", 404, "There is no such thing."},
    {"method-not-allowed", 405, "That cannot be done with it."},
    {"request-timeout", 408, "The request did not come in time."},
    {"file-changed", 409, "The file is not as it was recorded."},
    {"request-in-progress", 409, "A request with this key is still being worked on."},
    {"wrong-state", 409, "The batch is in another state."},
    {"precondition-failed", 412, "It has changed meanwhile."},
    {"too-large", 413, "The body is too large."},
    {"unsupported-media-type", 415, "The body has a type that is not taken here."},
    {"range-not-satisfiable", 416, "The file has no such part."},
    {"expectation-failed", 417, "The expectation is not known."},
    {"host-not-allowed", 421, "The service does not answer under this name."},
    {"idempotency-key-reused", 422, "The key was used for another request."},
    {"invalid-member", 422, "A member of the body is wrong or unknown."},
    {"list-unusable", 422, "The list cannot be used."},
    {"too-many-batches", 429, "Too many batches are open."},
    {"too-many-clients", 429, "Too many clients are connected."},
    {"too-many-requests", 429, "Too many requests."},
    {"head-too-large", 431, "The head is too large."},
    {"internal", 500, "The service has failed."},
    {"not-implemented", 501, "This is not possible with this version."},
    {"not-ready", 503, "The service cannot do that just now."},
    {"shutting-down", 503, "The service is about to end."},
    {"version-not-supported", 505, "This version of HTTP is not spoken."},
    {"disk-full", 507, "There is not enough space on the disk."},
    {"storage-failed", 500, "The disk or the index cannot be written."},
}};

}  // namespace

std::span<const problem_kind> problem_kinds() noexcept { return all_problems; }

const problem_kind& kind_of_problem(std::string_view slug) noexcept {
  const auto find = [](std::string_view wanted) {
    return std::find_if(all_problems.begin(), all_problems.end(),
                        [&](const auto& e) { return e.slug == wanted; });
  };
  const auto found = find(slug);
  return found != all_problems.end() ? *found : *find("internal");
}

std::string problem_json(const problem& what, std::string_view request_id) {
  namespace json = boost::json;
  const problem_kind& kind = kind_of_problem(what.slug);
  json::object body{{"type", "urn:pofetch:problem:" + std::string(kind.slug)},
                    {"title", json::string_view(kind.title.data(), kind.title.size())},
                    {"status", kind.status}};
  if (!what.detail.empty()) body["detail"] = what.detail;
  body["instance"] = std::string(request_id);
  if (!what.errors.empty()) {
    json::array errors;
    for (const member_error& each : what.errors)
      errors.push_back(json::object{{"pointer", each.pointer}, {"detail", each.detail}});
    body["errors"] = std::move(errors);
  }
  const auto add_words = [&body](const char* name, const std::vector<std::string>& words) {
    if (!words.empty()) body[name] = json::array(words.begin(), words.end());
  };
  add_words("allowed", what.allowed);
  add_words("columns", what.columns);
  if (!what.next_step.empty()) body["next_step"] = what.next_step;
  return json::serialize(body);
}

}  // namespace pofetch::service
