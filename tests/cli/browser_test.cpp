// Signing in with a real browser, Debian's chromium. Where there is none this says SKIPPED, and so does
// ctest.
#include "cli/login_fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

bool has_browser() {
  const bool there = fs::exists("/usr/bin/chromedriver") && fs::exists("/usr/bin/chromium") &&
                     fs::exists("/usr/bin/certutil");
  if (!there)
    MESSAGE("SKIPPED: chromium, chromium-driver or libnss3-tools is not installed (tools/setup does)");
  CHECK_MESSAGE((there || std::getenv("CI") == nullptr), "no browser where everything has to be tested");
  if (!there) return false;
  // The driver looks for its browser under that name; a chroot may have no hosts file.
  boost::asio::io_context context;
  boost::system::error_code unknown;
  boost::asio::ip::tcp::resolver(context).resolve("localhost", "", unknown);
  if (unknown) MESSAGE("SKIPPED: a browser's driver needs the name localhost, which has no address here");
  return !unknown;
}

/// A site, and a program whose browser trusts its authority as a company's browser trusts the company's.
struct signing_in {
  explicit signing_in(words site_options) : site(std::move(site_options)), variables(own_temp(pofetch)) {
    const fs::path store = pofetch / ".pki/nssdb";
    fs::create_directories(store);
    const std::string base = "certutil -d sql:" + store.string();
    REQUIRE(std::system((base + " -N --empty-password").c_str()) == 0);
    REQUIRE(std::system((base + " -A -t C,, -n coupa-sim -i " + site.file("ca.pem")).c_str()) == 0);
    // In a container, and for root, there is no sandbox; pofetch itself never asks for that.
    browser = write_script(pofetch, "browser", "#!/bin/sh\nexec /usr/bin/chromium --no-sandbox \"$@\"\n");
  }

  [[nodiscard]] words login(const words& more = {}) const {
    words line = login_line(site, {"--browser", browser});
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
  /// The same with a window.
  [[nodiscard]] words login_on_screen() const {
    words line = login();
    line.erase(std::find(line.begin(), line.end(), "--headless"));
    return line;
  }
  [[nodiscard]] words run(const words& more) const {
    words line{"run",        site.file("orders.csv"), "--out",    "out",
               "--base-url", site.base_url(),         "--cacert", site.file("ca.pem")};
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
  [[nodiscard]] words run_with_browser(const words& more = {}) const {
    words line = run({"--on-expiry", "login", "--headless", "--browser", browser});
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }

  program pofetch;
  coupa site;
  pofetch::test::variables variables;
  std::string browser;
};

/// A screen that nobody sees, and somebody at its mouse and keyboard.
class signing_desk {
 public:
  static bool is_there() {
    const bool there = fs::exists("/usr/bin/Xvfb") && fs::exists("/usr/bin/xdotool");
    if (!there)
      MESSAGE("SKIPPED: chromium can show no window: xvfb or xdotool is not installed (tools/setup does)");
    CHECK_MESSAGE((there || std::getenv("CI") == nullptr), "no screen where everything has to be tested");
    return there;
  }

  signing_desk()
      : screen_(
            {"/usr/bin/Xvfb", {"-displayfd", "1", "-screen", "0", "1000x800x24", "-nolisten", "tcp"}, {}}) {
    REQUIRE_MESSAGE(screen_.wait_for("\n"), screen_.err());
    display_ = ":" + screen_.out().substr(0, screen_.out().find('\n'));
  }

  [[nodiscard]] variables on_screen(variables more) const {
    more["DISPLAY"] = display_;
    return more;
  }

  /// Waits until the sign-in page is in front of him.
  void find_page() const { act({"search", "--sync", "--onlyvisible", "--name", "^Sign in"}); }

  /// A click into the page, then as the keyboard leads.
  void fill_in_form() const {
    act({"mousemove", "600", "600", "click", "1", "key", "Tab", "type", "--delay", "20",
         "clerk@example.com"});
    act({"key", "Tab", "type", "--delay", "20", "not a secret"});
    act({"key", "Return"});
  }

  void close_window() const { act({"mousemove", "600", "600", "click", "1", "key", "ctrl+shift+w"}); }

 private:
  void act(const words& what) const {
    process hand({"/usr/bin/xdotool", what, {{"DISPLAY", display_}}});
    REQUIRE_MESSAGE(hand.wait(), what.front());
    REQUIRE_MESSAGE(hand.status() == 0, hand.err());
  }

  process screen_;
  std::string display_;
};

std::string session_in(const std::string& cookies) {
  const std::size_t name = cookies.find("_coupa_session\t");
  REQUIRE(name != std::string::npos);
  return cookies.substr(name + 15, cookies.find('\n', name) - name - 15);
}

}  // namespace

TEST_CASE("browser: the instance's own form, and company SSO on another host, give cookies that work") {
  if (!has_browser()) return;
  for (const char* style : {"auto", "sso"}) {
    CAPTURE(std::string(style));
    const signing_in here({"--pos", "5", "--sign-in", style});
    const ended done = here.pofetch.run(here.login(), here.variables);
    CHECK_MESSAGE(done.status == 0, done.err);
    CHECK(has(done.err, "Signed in."));
    CHECK(fs::status(here.pofetch / "fresh.txt").permissions() == static_cast<fs::perms>(0600));
    const std::string saved = read_file(here.pofetch / "fresh.txt");
    CHECK_FALSE(has(saved, "_company_sso"));
    CHECK_FALSE(has(done.out + done.err, session_in(saved)));
    check_nothing_left(here.pofetch);
    const ended run = here.pofetch.run(here.run({"--cookies", "fresh.txt"}));
    CHECK_MESSAGE(run.status == 0, run.err);
  }
}

TEST_CASE("browser: it is closed before anybody has signed in: 3, nothing saved, nothing left behind") {
  if (!has_browser()) return;
  const signing_in here({"--pos", "1"});
  process running(here.pofetch.setup(here.login(), here.variables));
  REQUIRE_MESSAGE(running.wait_for("A browser window has opened"), running.err());
  const auto browsers = processes_with("--user-data-dir=" + (here.pofetch / "tmp").string(), "--type=");
  REQUIRE_FALSE(browsers.empty());
  for (const pid_t each : browsers) ::kill(each, SIGTERM);
  const ended closed = ended_well(running);
  CHECK(closed.status == 3);
  CHECK_MESSAGE(has(closed.err, "the browser was closed before signing in was finished"), closed.err);
  CHECK_FALSE(fs::exists(here.pofetch / "fresh.txt"));
  check_nothing_left(here.pofetch);
}

TEST_CASE("browser: SIGTERM ends driver and browser too, and nothing is saved") {
  if (!has_browser()) return;
  const signing_in here({"--pos", "1"});
  process running(here.pofetch.setup(here.login(), here.variables));
  REQUIRE_MESSAGE(running.wait_for("A browser window has opened"), running.err());
  running.send(SIGTERM);
  const ended stopped = ended_well(running);
  CHECK(stopped.status == 143);
  CHECK_FALSE(fs::exists(here.pofetch / "fresh.txt"));
  check_nothing_left(here.pofetch);
}

TEST_CASE("browser: --on-expiry login signs in again when the session ends in mid-run, and nothing is lost") {
  if (!has_browser()) return;
  const signing_in here({"--pos", "20", "--sign-in", "auto", "--expire-after", "30", "--attachments", "1-2"});
  const std::string cookies = here.site.file("cookies.txt");
  const ended done = here.pofetch.run(here.run_with_browser({"--cookies", cookies}), here.variables);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK_MESSAGE(has(done.err, "A browser window has opened"), done.err);
  CHECK(here.pofetch.run({"verify", "out"}).status == 0);
  check_nothing_left(here.pofetch);
}

TEST_CASE(
    "browser: Ctrl-C while a run waits for somebody to sign in: 130, all of it is gone, nothing is lost") {
  if (!has_browser()) return;
  // Without cookies the first page asks already.
  const signing_in here({"--pos", "12", "--attachments", "1-2"});
  process running(here.pofetch.setup(here.run_with_browser(), here.variables));
  REQUIRE_MESSAGE(running.wait_for("A browser window has opened"), running.err());
  running.send(SIGINT);
  const ended stopped = ended_well(running);
  CHECK_MESSAGE(stopped.status == 130, stopped.err);
  check_nothing_left(here.pofetch);
  CHECK(has(here.pofetch.run({"status", "out"}).out, "PENDING"));
}

TEST_CASE("browser: in a window, somebody signs in with mouse and keyboard, and the session works") {
  if (!has_browser() || !signing_desk::is_there()) return;
  const signing_desk clerk;
  const signing_in here({"--pos", "3", "--attachments", "1-2"});
  process running(here.pofetch.setup(here.login_on_screen(), clerk.on_screen(here.variables)));
  REQUIRE_MESSAGE(running.wait_for("A browser window has opened"), running.err());
  clerk.find_page();
  // A page that is there may not hear keys yet.
  for (int tries = 0; tries < 4 && !has(running.err(), "Signed in."); ++tries) {
    clerk.fill_in_form();
    static_cast<void>(running.wait_for("Signed in.", std::chrono::seconds{10}));
  }
  const ended done = ended_well(running);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK_FALSE(has(done.out + done.err, session_in(read_file(here.pofetch / "fresh.txt"))));
  check_nothing_left(here.pofetch);
  const ended run = here.pofetch.run(here.run({"--cookies", "fresh.txt"}));
  CHECK_MESSAGE(run.status == 0, run.err);
}

TEST_CASE("browser: somebody closes the window without signing in: 3, and nothing is left") {
  if (!has_browser() || !signing_desk::is_there()) return;
  const signing_desk clerk;
  const signing_in here({"--pos", "1"});
  process running(here.pofetch.setup(here.login_on_screen(), clerk.on_screen(here.variables)));
  REQUIRE_MESSAGE(running.wait_for("A browser window has opened"), running.err());
  clerk.find_page();
  clerk.close_window();
  const ended closed = ended_well(running);
  CHECK(closed.status == 3);
  CHECK_MESSAGE(has(closed.err, "the browser was closed before signing in was finished"), closed.err);
  CHECK_FALSE(fs::exists(here.pofetch / "fresh.txt"));
  check_nothing_left(here.pofetch);
}
