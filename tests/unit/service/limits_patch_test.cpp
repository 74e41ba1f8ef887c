#include "service/routes/limits_patch.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch::service;

namespace {

batch_desk::limits sample_limits() {
  batch_desk::limits made;
  made.max_running = 4;
  made.profiles["main"] = {20, 16};
  made.profiles["a/b"] = {0, 8};
  return made;
}

std::vector<std::string> wrong_members(const std::string& body) {
  batch_desk::limits now = sample_limits();
  const auto refused = patch_limits_by(boost::json::parse(body).as_object(), sample_limits(), now);
  std::vector<std::string> pointers;
  if (refused)
    for (const member_error& each : refused->errors) pointers.push_back(each.pointer);
  if (refused) CHECK(refused->slug == "invalid-member");
  if (refused) CHECK(now.max_running == 4);  // nothing of it is done
  return pointers;
}

}  // namespace

TEST_CASE("limits: changed by a merge patch, and null puts back what is configured") {
  batch_desk::limits now = sample_limits();
  const auto patch = [&now](const std::string& body) {
    return patch_limits_by(boost::json::parse(body).as_object(), sample_limits(), now).has_value();
  };
  CHECK_FALSE(patch("{}"));
  CHECK_FALSE(patch(R"({"max_running":2,"profiles":{"main":{"requests_per_second":2.5}}})"));
  CHECK(now.max_running == 2);
  CHECK(now.profiles["main"] == profile_limits{2.5, 16});
  CHECK_FALSE(patch(R"({"profiles":{"main":{"max_connections":3},"a/b":{"requests_per_second":0}}})"));
  CHECK(now.profiles["main"] == profile_limits{2.5, 3});
  CHECK_FALSE(patch(R"({"max_running":null,"profiles":{"main":{"requests_per_second":null}}})"));
  CHECK(now.max_running == 4);
  CHECK(now.profiles["main"] == profile_limits{20, 3});
  CHECK_FALSE(patch(R"({"profiles":{"main":null}})"));
  CHECK(now.profiles["main"] == profile_limits{20, 16});
}

TEST_CASE("limits: what is wrong is named by a pointer") {
  using list = std::vector<std::string>;
  CHECK(wrong_members(R"({"max_running":0})") == list{"/max_running"});
  CHECK(wrong_members(R"({"max_running":2.5})") == list{"/max_running"});
  CHECK(wrong_members(R"({"max_running":"2"})") == list{"/max_running"});
  CHECK(wrong_members(R"({"max_running":1001})") == list{"/max_running"});
  CHECK(wrong_members(R"({"other":1})") == list{"/other"});
  CHECK(wrong_members(R"({"profiles":[]})") == list{"/profiles"});
  CHECK(wrong_members(R"({"profiles":{"none/~":{}}})") == list{"/profiles/none~1~0"});
  CHECK(wrong_members(R"({"profiles":{"main":7}})") == list{"/profiles/main"});
  CHECK(wrong_members(R"({"max_running":1,"profiles":{"a/b":{"max_connections":0,"speed":1},
                          "main":{"requests_per_second":-1}}})") ==
        list{"/profiles/a~1b/max_connections", "/profiles/a~1b/speed", "/profiles/main/requests_per_second"});
  CHECK(wrong_members(R"({"profiles":{"main":{"requests_per_second":1000001}}})") ==
        list{"/profiles/main/requests_per_second"});
  CHECK(wrong_members(R"({"profiles":{"main":{"max_connections":4097}}})") ==
        list{"/profiles/main/max_connections"});
}
