#pragma once

#include "support/scripted_transport.hpp"

#include <string>
#include <utility>

namespace pofetch::test {

inline const std::string api_base = "https://acme.coupahost.com";

[[nodiscard]] inline scripted_answer json_answer(std::string body, int status = 200) {
  scripted_answer made;
  made.status = status;
  made.body = std::move(body);
  made.fields.push_back({"Content-Type", "application/json; charset=utf-8"});
  return made;
}

/// What this request carries as Authorization; empty: nothing.
[[nodiscard]] inline std::string authorization_of(const http_request& request) {
  for (const auto& field : request.fields)
    if (field.name == "Authorization") return field.value;
  return {};
}

}  // namespace pofetch::test
