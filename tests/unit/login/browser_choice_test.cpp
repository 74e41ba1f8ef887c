#include "login/browser_choice.hpp"

#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::login;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using pofetch::test::has;

/// Programs that can be found on PATH, which holds nothing else for the time of a test.
class found_on_path {
 public:
  explicit found_on_path(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      test::write_file(folder_ / name, "#!/bin/sh\n");
      fs::permissions(folder_ / name, static_cast<fs::perms>(0700));
    }
    const char* now = std::getenv("PATH");
    before_ = now == nullptr ? "" : now;
    ::setenv("PATH", folder_.path().c_str(), 1);
  }
  ~found_on_path() { ::setenv("PATH", before_.c_str(), 1); }
  found_on_path(const found_on_path&) = delete;
  found_on_path& operator=(const found_on_path&) = delete;

  [[nodiscard]] std::string operator/(std::string_view name) const { return (folder_ / name).string(); }

 private:
  test::temp_dir folder_;
  std::string before_;
};

std::vector<std::string> arguments_of(const json::value& capabilities, std::string_view options) {
  std::vector<std::string> all;
  for (const json::value& each : capabilities.at(options).at("args").as_array())
    all.emplace_back(each.as_string());
  return all;
}

bool holds(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

TEST_CASE("browser: the driver that is named, or the first on PATH, or that of the browser named") {
  const found_on_path here({"chromedriver", "msedgedriver", "geckodriver", "my-browser", "MyGeckoDriver"});
  struct row {
    std::string driver;
    std::string browser;
    browser_kind kind;
    std::string chosen;
    std::string program;
  };
  const row rows[] = {
      {"", "", browser_kind::chrome, here / "chromedriver", ""},
      {"", "chromium", browser_kind::chrome, here / "chromedriver", ""},
      {"", "chrome", browser_kind::chrome, here / "chromedriver", ""},
      {"", "edge", browser_kind::edge, here / "msedgedriver", ""},
      {"", "firefox", browser_kind::firefox, here / "geckodriver", ""},
      {here / "geckodriver", "", browser_kind::firefox, here / "geckodriver", ""},
      {here / "MyGeckoDriver", "", browser_kind::firefox, here / "MyGeckoDriver", ""},
      {here / "msedgedriver", "", browser_kind::edge, here / "msedgedriver", ""},
      {here / "my-browser", "edge", browser_kind::edge, here / "my-browser", ""},
      {"", here / "my-browser", browser_kind::chrome, here / "chromedriver", here / "my-browser"},
      {here / "geckodriver", here / "my-browser", browser_kind::firefox, here / "geckodriver",
       here / "my-browser"},
  };
  for (const row& each : rows) {
    CAPTURE(each.driver);
    CAPTURE(each.browser);
    const auto chosen = choose_browser(each.driver, each.browser);
    REQUIRE(chosen.has_value());
    CHECK(chosen->kind == each.kind);
    CHECK(chosen->driver == each.chosen);
    CHECK(chosen->program == each.program);
  }
}

TEST_CASE("browser: what is not there is named, with what to install") {
  const found_on_path here({});
  test::write_file(here / "text", "no program");
  const std::pair<std::pair<std::string, std::string>, std::string> rows[] = {
      {{here / "gone", ""}, "is no program that can be started; install one"},
      {{here / "text", ""}, "is no program that can be started; install one"},
      {{here / "", ""}, "is no program"},
      {{"", here / "gone"}, "browser: "},
      {{"", "netscape"}, "expected chrome, chromium, edge, firefox or the path of a browser's program"},
  };
  for (const auto& row : rows) {
    const auto& asked = row.first;
    const auto& part = row.second;
    CAPTURE(asked.first + "|" + asked.second);
    const auto chosen = choose_browser(asked.first, asked.second);
    REQUIRE_FALSE(chosen.has_value());
    CHECK(chosen.error().code == errc::config);
    CHECK_MESSAGE(has(chosen.error().message, part), chosen.error().message);
  }
}

TEST_CASE("browser: a new session has a profile of its own, and nothing weakens its checks") {
  for (const browser_kind kind : {browser_kind::chrome, browser_kind::edge, browser_kind::firefox}) {
    for (const bool headless : {false, true}) {
      const auto whole =
          json::parse(new_session_body({kind, "/d", "/usr/bin/b"}, {"/tmp/p q/profile", headless}));
      const json::value& asked = whole.at("capabilities").at("alwaysMatch");
      CHECK(asked.at("unhandledPromptBehavior").as_string() == "ignore");
      CHECK_FALSE(asked.as_object().contains("acceptInsecureCerts"));
      const bool fox = kind == browser_kind::firefox;
      const char* const options = fox                          ? "moz:firefoxOptions"
                                  : kind == browser_kind::edge ? "ms:edgeOptions"
                                                               : "goog:chromeOptions";
      CHECK(asked.at(options).at("binary").as_string() == "/usr/bin/b");
      const auto arguments = arguments_of(asked, options);
      CHECK(holds(arguments, fox ? "/tmp/p q/profile" : "--user-data-dir=/tmp/p q/profile"));
      CHECK(holds(arguments, fox ? "-headless" : "--headless") == headless);
      for (const std::string& each : arguments) {
        CHECK_FALSE(has(each, "sandbox"));
        CHECK_FALSE(has(each, "certificate"));
      }
    }
  }
  const auto own = json::parse(new_session_body({browser_kind::chrome, "/d", {}}, {"/p", false}));
  CHECK_FALSE(
      own.at("capabilities").at("alwaysMatch").at("goog:chromeOptions").as_object().contains("binary"));
}

TEST_CASE("browser: a refused session is told with the next step, in one line") {
  struct row {
    std::string said;
    browser_kind kind;
    bool as_root;
    std::string part;
  };
  const row rows[] = {
      {"session not created: This version of ChromeDriver only supports Chrome version 90\nat 0x1",
       browser_kind::chrome, true, "do not fit each other; bring both to the same version"},
      {"session not created: cannot find Chrome binary", browser_kind::chrome, true,
       "finds no browser to start; install it, or name its program with browser"},
      {"Expected browser binary location, but unable to find binary in default location",
       browser_kind::firefox, false, "/d finds no browser to start; install it"},
      {"session not created: This version of Microsoft Edge WebDriver only supports Microsoft Edge version "
       "90",
       browser_kind::edge, false, "do not fit each other"},
      {"unknown error: no msedge binary at /opt/edge", browser_kind::edge, false,
       "finds no browser to start"},
      {"unknown error: cannot find Microsoft Edge binary", browser_kind::edge, true,
       "finds no browser to start"},
      {"session not created: Chrome instance exited", browser_kind::chrome, true,
       "never does for root; sign in with an ordinary account. /d says: session not created"},
      {"session not created: Chrome instance exited", browser_kind::edge, false,
       "without a screen: headless"},
      {"Process unexpectedly closed with status 1", browser_kind::firefox, true,
       "without a screen: headless"},
  };
  for (const row& each : rows) {
    const failure why = refused_session({each.kind, "/d", {}}, each.said, each.as_root);
    CHECK(why.code == errc::config);
    CHECK_MESSAGE(has(why.message, each.part), why.message);
    CHECK_FALSE(has(why.message, "\n"));
  }
}
