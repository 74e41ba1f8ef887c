#include "core/ascii.hpp"
#include "core/percent.hpp"
#include "service/routes/api.hpp"
#include "service/routes/cursor.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr std::size_t usual_limit = 100;
constexpr std::size_t largest_limit = 500;

}  // namespace

reply json_reply(const json::object& body, unsigned status) {
  reply made;
  made.status = status;
  made.type = "application/json";
  made.body = json::serialize(body);
  return made;
}

reply storage_reply(const failure& why) {
  problem what;
  what.slug = why.code == errc::disk_full ? "disk-full" : "storage-failed";
  what.detail = why.message;
  return refuse(std::move(what));
}

query_reader::query_reader(const request& asked, std::vector<std::string_view> known) : asked_(asked) {
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : asked.target.query) {
    const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
    if (!is_known) wrong(name, "there is no such parameter");
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) wrong(name, "it is there twice");
    seen.push_back(name);
  }
}

void query_reader::wrong(std::string_view name, std::string detail) {
  if (!refused_) {
    refused_.emplace();
    refused_->slug = "invalid-parameter";
    refused_->detail = std::string(name) + ": " + detail + ".";
  }
  refused_->errors.push_back({std::string(name), std::move(detail)});
}

bool query_reader::has(std::string_view name) const {
  return std::any_of(asked_.target.query.begin(), asked_.target.query.end(),
                     [&](const auto& each) { return each.first == name; });
}

std::string query_reader::text(std::string_view name) const {
  for (const auto& [each, value] : asked_.target.query)
    if (each == name) return value;
  return {};
}

std::size_t query_reader::limit() {
  if (!has("limit")) return usual_limit;
  const auto number = core::parse_unsigned(text("limit"));
  if (!number || *number == 0 || *number > largest_limit) {
    wrong("limit", "expected a number from 1 to 500");
    return usual_limit;
  }
  return static_cast<std::size_t>(*number);
}

std::string query_reader::question() const {
  std::vector<std::string> parts;
  for (const auto& [name, value] : asked_.target.query)
    if (name != "cursor" && name != "limit") parts.push_back(name + "=" + value);
  std::sort(parts.begin(), parts.end());
  std::string made;
  for (const std::string& segment : asked_.target.segments) made += "/" + segment;
  for (const std::string& each : parts) made += "\n" + each;
  return made;
}

std::string query_reader::place() {
  if (!has("cursor")) return {};
  const auto found = read_cursor(text("cursor"), question());
  if (found) return *found;
  if (!refused_) {
    refused_.emplace();
    refused_->slug = "invalid-cursor";
    refused_->detail = "Give a cursor back together with the parameters that it came with.";
  }
  return {};
}

std::string query_reader::next_cursor(std::string_view place) const { return make_cursor(place, question()); }

reply page_reply(const request& asked, const query_reader& query, json::array items,
                 const std::string& next) {
  json::object body{{"items", std::move(items)}, {"next_cursor", nullptr}};
  std::string link;
  if (!next.empty()) {
    const std::string cursor = query.next_cursor(next);
    body["next_cursor"] = cursor;
    for (const std::string& segment : asked.target.segments) link += "/" + core::encode_component(segment);
    link += "?";
    for (const auto& [name, value] : asked.target.query)
      if (name != "cursor") link += core::encode_component(name) + "=" + core::encode_component(value) + "&";
    link = "<" + link + "cursor=" + cursor + ">; rel=\"next\"";
  }
  reply made = json_reply(body);
  if (!link.empty()) made.fields.emplace_back("Link", link);
  return made;
}

}  // namespace pofetch::service
