#include "objects/credentials/credential_chain.hpp"

#include "async/block_on.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::objects;
using pofetch::test::temp_dir;

namespace {

/// A machine: its environment, and what the services around it answer, by the beginning of the address.
struct machine {
  std::map<std::string, std::string, std::less<>> variables{};
  std::map<std::string, std::string> answers{};
  std::vector<http_request> asked{};

  awaitable<result<std::string>> ask(const http_request& request) {
    asked.push_back(request);
    for (const auto& [begin, text] : answers)
      if (request.url == begin) co_return text;
    co_return make_failure(errc::connection, "nobody listens");
  }

  credential_chain chain() {
    return {[this](std::string_view name) -> std::optional<std::string> {
              const auto found = variables.find(name);
              if (found == variables.end()) return std::nullopt;
              return found->second;
            },
            "eu-west-1", [this](const http_request& request) { return ask(request); }};
  }
};

result<access_keys> keys_from(credential_chain& chain) {
  boost::asio::io_context context;
  return async::block_on(context, chain.current(), {}, make_failure(errc::cancelled, "stopped"));
}

std::string json_keys(const std::string& id, const std::string& ends = "2099-01-01T00:00:00Z") {
  return R"({"AccessKeyId":")" + id + R"(","SecretAccessKey":"s","Token":"t","Expiration":")" + ends + "\"}";
}

constexpr const char* container = "http://169.254.170.2/creds";

}  // namespace

TEST_CASE("credentials: the environment goes before the profile, that before services") {
  const temp_dir home;
  std::filesystem::create_directory(home / ".aws");
  pofetch::test::write_file(home / ".aws/credentials",
                            "[default]\naws_access_key_id = one\naws_secret_access_key=1\n"
                            "[other]\n# a comment\naws_access_key_id=two\naws_secret_access_key = a=b\n"
                            "aws_session_token = tok\n");
  machine where;
  where.variables = {{"HOME", home.path().string()}, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", container}};
  auto chain = where.chain();
  auto keys = keys_from(chain);
  REQUIRE(keys.has_value());
  CHECK(keys->access_key == "one");

  where.variables["AWS_PROFILE"] = "other";
  auto named = where.chain();
  keys = keys_from(named);
  REQUIRE(keys.has_value());
  CHECK(keys->access_key == "two");
  CHECK(keys->secret == "a=b");
  CHECK(keys->token == "tok");

  where.variables["AWS_ACCESS_KEY_ID"] = "three";
  where.variables["AWS_SECRET_ACCESS_KEY"] = "3";
  auto given = where.chain();
  keys = keys_from(given);
  REQUIRE(keys.has_value());
  CHECK(keys->access_key == "three");
  CHECK(where.asked.empty());
}

TEST_CASE("credentials: the config file names its profiles otherwise, nested settings are none") {
  const auto values = read_profile("[profile p]\nregion = r\ns3 =\n  max = 2\n[p2]\nregion = q\n", "p");
  CHECK(values.at("region") == "r");
  CHECK(values.count("max") == 0);
}

TEST_CASE("credentials: web identity reads its file anew and speaks to the region's service") {
  const temp_dir folder;
  machine where;
  const std::string file = folder.file("token", "jwt-one\n");
  where.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", file}, {"AWS_ROLE_ARN", "arn:aws:iam::1:role/x"}};
  where.answers["https://sts.eu-west-1.amazonaws.com/"] =
      "<R><Credentials><AccessKeyId>web</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
      "<SessionToken>t</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration></Credentials></R>";
  auto chain = where.chain();
  REQUIRE(keys_from(chain).has_value());
  CHECK(where.asked.at(0).body.find("WebIdentityToken=jwt-one") != std::string::npos);
  CHECK(where.asked.at(0).body.find("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx") != std::string::npos);
  pofetch::test::write_file(file, "jwt-two");
  REQUIRE(keys_from(chain).has_value());
  CHECK(where.asked.at(1).body.find("jwt-two") != std::string::npos);
}

TEST_CASE("credentials: a container's are asked for with its token, and again 5 minutes before they end") {
  machine where;
  where.variables = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/creds"},
                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in"}};
  where.answers[container] = json_keys("box");
  auto chain = where.chain();
  auto keys = keys_from(chain);
  REQUIRE(keys.has_value());
  CHECK(keys->access_key == "box");
  CHECK(where.asked.at(0).fields.at(0).value == "let me in");
  REQUIRE(keys_from(chain).has_value());
  CHECK(where.asked.size() == 1);
  chain.forget();
  REQUIRE(keys_from(chain).has_value());
  CHECK(where.asked.size() == 2);
  where.answers[container] = json_keys("old", "2020-01-01T00:00:00Z");
  chain.forget();
  REQUIRE(keys_from(chain).has_value());
  REQUIRE(keys_from(chain).has_value());
  CHECK(where.asked.size() == 4);
}

TEST_CASE("credentials: a container's token goes to nobody else over plain HTTP") {
  machine where;
  where.variables = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/creds"},
                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in"}};
  auto chain = where.chain();
  const auto keys = keys_from(chain);
  REQUIRE(!keys.has_value());
  CHECK(keys.error().code == errc::config);
  CHECK(keys.error().message.find("let me in") == std::string::npos);
  CHECK(where.asked.empty());
}

TEST_CASE("credentials: instance metadata by its second version, unless that is off") {
  machine where;
  const std::string base = "http://169.254.169.254/latest/";
  where.answers[base + "api/token"] = "session";
  where.answers[base + "meta-data/iam/security-credentials/"] = "the-role";
  where.answers[base + "meta-data/iam/security-credentials/the-role"] = json_keys("metal");
  auto chain = where.chain();
  auto keys = keys_from(chain);
  REQUIRE(keys.has_value());
  CHECK(keys->access_key == "metal");
  CHECK(where.asked.at(0).method == "PUT");
  CHECK(where.asked.at(2).fields.at(0).value == "session");

  where.asked.clear();
  where.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  auto off = where.chain();
  keys = keys_from(off);
  REQUIRE(!keys.has_value());
  CHECK(keys.error().code == errc::config);
  CHECK(where.asked.empty());
}
