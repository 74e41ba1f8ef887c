#include "login/browser_choice.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <unistd.h>
#include <vector>

namespace pofetch::login {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct known_browser {
  std::string_view name;
  browser_kind kind;
  std::string_view driver;
};

constexpr std::array<known_browser, 4> known{{{"chromium", browser_kind::chrome, "chromedriver"},
                                              {"chrome", browser_kind::chrome, "chromedriver"},
                                              {"edge", browser_kind::edge, "msedgedriver"},
                                              {"firefox", browser_kind::firefox, "geckodriver"}}};

constexpr std::array<std::string_view, 6> usual_places{"/usr/local/bin",    "/usr/bin",
                                                       "/usr/lib/chromium", "/usr/lib/chromium-browser",
                                                       "/snap/bin",         "/opt/google/chrome"};

std::string advice() {
  return core::spelled(
      "install one (Debian: the packages chromium and chromium-driver; else chromedriver, msedgedriver or "
      "geckodriver from the maker of your browser), or name it with @driver=PATH");
}

bool can_run(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<fs::path> find_program(std::string_view name) {
  std::vector<std::string> folders;
  if (const char* path = std::getenv("PATH"))
    for (const std::string_view folder : core::split(path, ':'))
      if (folder.starts_with('/')) folders.emplace_back(folder);
  folders.insert(folders.end(), usual_places.begin(), usual_places.end());
  for (const std::string& folder : folders)
    if (fs::path candidate = fs::path(folder) / name; can_run(candidate)) return candidate;
  return std::nullopt;
}

browser_kind kind_of_name(std::string_view name) {
  if (name.find("firefox") != std::string_view::npos || name.find("gecko") != std::string_view::npos)
    return browser_kind::firefox;
  return name.find("edge") != std::string_view::npos ? browser_kind::edge : browser_kind::chrome;
}

std::string_view driver_of(browser_kind kind) {
  if (kind == browser_kind::firefox) return "geckodriver";
  return kind == browser_kind::edge ? "msedgedriver" : "chromedriver";
}

const known_browser* find_known(std::string_view name) {
  for (const known_browser& each : known)
    if (each.name == name) return &each;
  return nullptr;
}

result<browser_choice> look_around() {
  for (const known_browser& each : known)
    if (auto path = find_program(each.driver)) return browser_choice{each.kind, std::move(*path)};
  return make_failure(
      errc::config,
      fmt::format("no driver of a browser was found on PATH or in the usual places: {}.", advice()));
}

json::array chromium_arguments(const browser_wishes& wishes) {
  json::array all{"--user-data-dir=" + wishes.profile.string(),
                  "--no-first-run",
                  "--no-default-browser-check",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync"};
  if (wishes.headless) {
    all.emplace_back("--headless");
    all.emplace_back("--disable-gpu");
    all.emplace_back("--disable-dev-shm-usage");
  }
  return all;
}

}  // namespace

result<browser_choice> choose_browser(std::string_view driver, std::string_view browser) {
  browser_choice made;
  const known_browser* named = find_known(browser);
  const bool program = browser.find('/') != std::string_view::npos;
  if (!browser.empty() && named == nullptr && !program)
    return make_failure(errc::config, core::sentence("@browser: expected chrome, chromium, edge, firefox or "
                                                     "the path of a browser's program, not '{}'.",
                                                     browser));
  if (program) {
    made.program = browser;
    if (!can_run(made.program))
      return make_failure(errc::config,
                          core::sentence("@browser: {} is no program that can be started.", browser));
  }
  if (!driver.empty()) {
    made.driver = driver;
    if (!can_run(made.driver))
      return make_failure(errc::config, core::sentence("@driver: {} is no program that can be started; {}.",
                                                       driver, advice()));
    made.kind =
        named != nullptr ? named->kind : kind_of_name(core::to_lower(made.driver.filename().string()));
    return made;
  }
  if (browser.empty()) return look_around();
  made.kind = named != nullptr ? named->kind : kind_of_name(core::to_lower(made.program.filename().string()));
  auto path = find_program(driver_of(made.kind));
  if (!path)
    return make_failure(errc::config,
                        fmt::format("{}, the driver for {}, was not found on PATH or in the usual "
                                    "places: {}.",
                                    driver_of(made.kind), browser, advice()));
  made.driver = std::move(*path);
  return made;
}

std::string new_session_body(const browser_choice& choice, const browser_wishes& wishes) {
  json::object own;
  std::string_view name = choice.kind == browser_kind::edge ? "ms:edgeOptions" : "goog:chromeOptions";
  if (choice.kind == browser_kind::firefox) {
    name = "moz:firefoxOptions";
    json::array arguments{"-profile", wishes.profile.string()};
    if (wishes.headless) arguments.emplace_back("-headless");
    own["args"] = std::move(arguments);
  } else {
    own["args"] = chromium_arguments(wishes);
  }
  if (!choice.program.empty()) own["binary"] = choice.program.string();
  // The person's pages load as they like, and a question that one of them asks is the person's to answer.
  json::object always{
      {"pageLoadStrategy", "none"}, {"unhandledPromptBehavior", "ignore"}, {name, std::move(own)}};
  return json::serialize(json::object{{"capabilities", json::object{{"alwaysMatch", std::move(always)}}}});
}

failure refused_session(const browser_choice& choice, std::string_view said, bool as_root) {
  const std::string driver = choice.driver.string();
  const std::string_view line = said.substr(0, said.find('\n'));
  const auto holds = [said](std::string_view part) { return said.find(part) != std::string_view::npos; };
  if (holds("cannot find") || holds("binary at ") || holds("binary location") || holds("no matching") ||
      holds("Unable to find"))
    return make_failure(
        errc::config,
        core::sentence(
            "{} finds no browser to start; install it, or name its program with @browser=PATH. It says: {}",
            driver, line));
  if (holds("only supports") || holds("Expected browser") || holds("This version of"))
    return make_failure(errc::config,
                        core::sentence("driver and browser do not fit each other; bring both to the same "
                                       "version, or name another driver with @driver=PATH. {} says: {}",
                                       driver, line));
  const bool rooted = as_root && choice.kind != browser_kind::firefox;
  return make_failure(
      errc::config,
      fmt::format("the browser does not start{}. {} says: {}",
                  rooted ? ", as it never does for root; sign in with an ordinary account"
                         : core::spelled("; start it by hand to see why (without a screen: @headless)"),
                  driver, line));
}

}  // namespace pofetch::login
