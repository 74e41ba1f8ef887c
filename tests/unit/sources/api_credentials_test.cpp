#include "sources/coupa_api/token/api_credentials.hpp"

#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace pofetch::sources {
namespace {

namespace fs = std::filesystem;
using test::must;

struct warnings final : progress {
  std::vector<std::string> texts;
  void on(const progress_event& event) override {
    if (const auto* one = std::get_if<event::notice>(&event)) texts.push_back(one->text);
  }
};

instance_options with_id() {
  instance_options made;
  made.base_url = "https://acme.coupahost.com";
  made.client_id = "me";
  return made;
}

}  // namespace

TEST_CASE("api credentials: the secret from file, command or variable, the file first") {
  const test::temp_dir dir;
  test::write_file(dir / "secret", "  from-file \r\nrest\n");
  fs::permissions(dir / "secret", fs::perms::owner_read);
  warnings told;
  instance_options options = with_id();
  options.client_secret = " from-variable\n";
  CHECK(must(load_api_credentials(options, told, {})).client.client_secret == "from-variable");
  options.secret_command = "echo from-command";
  CHECK(must(load_api_credentials(options, told, {})).client.client_secret == "from-command");
  options.secret_command.clear();
  options.client_secret_file = dir / "secret";
  const auto made = must(load_api_credentials(options, told, {}));
  CHECK(made.client.client_secret == "from-file");
  CHECK(made.client.client_id == "me");
  CHECK(made.by_token());
  CHECK(told.texts.empty());

  fs::permissions(dir / "secret", fs::perms::owner_all | fs::perms::others_read);
  CHECK(load_api_credentials(options, told, {}).has_value());
  REQUIRE(told.texts.size() == 1);
  CHECK(told.texts[0].find("chmod 600") != std::string::npos);
  CHECK(told.texts[0].find("cookie") == std::string::npos);
}

TEST_CASE("api credentials: files that are none, and the API key") {
  const test::temp_dir dir;
  warnings told;
  instance_options options = with_id();
  options.client_secret_file = dir / "none";
  CHECK(load_api_credentials(options, told, {}).error().code == errc::config);
  test::write_file(dir / "empty", "\nsecond\n");
  options.client_secret_file = dir / "empty";
  CHECK(load_api_credentials(options, told, {}).error().message.find("nothing in its first line") !=
        std::string::npos);
  options.client_secret_file = dir.path();
  CHECK(load_api_credentials(options, told, {}).has_error());

  test::write_file(dir / "wide", std::string("\xFF\xFEs\0e\0c\0", 8));
  options.client_secret_file = dir / "wide";
  CHECK(load_api_credentials(options, told, {}).error().message.find("no plain text") != std::string::npos);
  test::write_file(dir / "marked", "\xEF\xBB\xBFs3cret\r\n");
  options.client_secret_file = dir / "marked";
  CHECK(must(load_api_credentials(options, told, {})).client.client_secret == "s3cret");

  instance_options key;
  for (const char* odd : {"k3y k3y", "k3\ny", "k\xC3\xA9y", "k3\x7Fy"}) {
    key.api_key = odd;
    const auto refused = load_api_credentials(key, told, {});
    REQUIRE(refused.has_error());
    CHECK(refused.error().message.find("POFETCH_API_KEY") != std::string::npos);
    CHECK(refused.error().message.find("k3") == std::string::npos);
  }
  key.api_key = " k3y\n";
  const auto made = must(load_api_credentials(key, told, {}));
  CHECK(made.api_key == "k3y");
  CHECK_FALSE(made.by_token());
}

}  // namespace pofetch::sources
