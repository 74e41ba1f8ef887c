#include "service/routes/limits_patch.hpp"

#include "core/unicode.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr unsigned most_running = 1000;
constexpr unsigned most_connections = 4096;
constexpr double most_requests = 1e6;

/// `~` and `/` within a pointer (RFC 6901).
std::string escaped_token(json::string_view name) {
  std::string made;
  for (const char c : name) {
    if (c == '~')
      made += "~0";
    else if (c == '/')
      made += "~1";
    else
      made += c;
  }
  return core::to_utf8(made);
}

class limits_reader {
 public:
  limits_reader(const batch_desk::limits& configured, batch_desk::limits& into)
      : configured_(configured), into_(into) {}

  void read(const json::object& body) {
    for (const auto& [name, value] : body) {
      if (name == "max_running")
        take_count(value, "/max_running", most_running, configured_.max_running, into_.max_running);
      else if (name == "profiles")
        read_profiles(value);
      else
        wrong("/" + escaped_token(name), "there is no such limit");
    }
  }

  std::vector<member_error> errors;

 private:
  void wrong(std::string pointer, std::string detail) {
    errors.push_back({std::move(pointer), std::move(detail)});
  }

  void read_profiles(const json::value& value) {
    if (value.is_null()) {
      into_.profiles = configured_.profiles;
      return;
    }
    if (!value.is_object()) return wrong("/profiles", "an object was expected");
    for (const auto& [name, each] : value.as_object()) {
      const std::string pointer = "/profiles/" + escaped_token(name);
      const auto known = into_.profiles.find(std::string_view(name.data(), name.size()));
      if (known == into_.profiles.end())
        wrong(pointer, "there is no profile of that name");
      else if (each.is_null())
        known->second = configured_.profiles.find(known->first)->second;
      else if (!each.is_object())
        wrong(pointer, "an object was expected");
      else
        read_profile(each.as_object(), pointer, configured_.profiles.find(known->first)->second,
                     known->second);
    }
  }

  void read_profile(const json::object& body, const std::string& lead, const profile_limits& configured,
                    profile_limits& into) {
    for (const auto& [name, value] : body) {
      const std::string pointer = lead + "/" + escaped_token(name);
      if (name == "max_connections")
        take_count(value, pointer, most_connections, configured.max_connections, into.max_connections);
      else if (name == "requests_per_second")
        take_rate(value, pointer, configured.requests_per_second, into.requests_per_second);
      else
        wrong(pointer, "there is no such limit");
    }
  }

  void take_count(const json::value& value, const std::string& pointer, unsigned most, unsigned configured,
                  unsigned& into) {
    boost::system::error_code bad;
    const auto number = value.is_number() ? value.to_number<unsigned>(bad) : 0;
    if (value.is_null())
      into = configured;
    else if (bad || number < 1 || number > most)
      wrong(pointer, "a whole number from 1 to " + std::to_string(most) + " was expected");
    else
      into = number;
  }

  void take_rate(const json::value& value, const std::string& pointer, double configured, double& into) {
    const double number = value.is_number() ? value.to_number<double>() : -1;
    if (value.is_null())
      into = configured;
    else if (!(number >= 0 && number <= most_requests))
      wrong(pointer, "a number from 0, which is no limit, to 1000000 was expected");
    else
      into = number;
  }

  const batch_desk::limits& configured_;
  batch_desk::limits& into_;
};

}  // namespace

std::optional<problem> patch_limits_by(const json::object& body, const batch_desk::limits& configured,
                                       batch_desk::limits& into) {
  batch_desk::limits changed = into;
  limits_reader reader(configured, changed);
  reader.read(body);
  if (reader.errors.empty()) {
    into = std::move(changed);
    return std::nullopt;
  }
  problem what;
  what.slug = "invalid-member";
  what.errors = std::move(reader.errors);
  return what;
}

}  // namespace pofetch::service
