#include "engine/instance/browser_sign_in.hpp"

#include "async/asio_clock.hpp"
#include "async/block_on.hpp"
#include "core/mask_url.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "engine/instance/instance.hpp"
#include "engine/instance/instance_lane.hpp"
#include "http/client.hpp"
#include "http/cookie_file.hpp"
#include "http/cookie_text.hpp"
#include "http/host_limits.hpp"
#include "login/browser_choice.hpp"
#include "login/driver_process.hpp"
#include "login/webdriver.hpp"
#include "sources/coupa/base_url.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::engine {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds between_looks{500};
/// The session may come to life without a new cookie.
constexpr std::chrono::seconds between_asking{10};
constexpr std::chrono::seconds driver_start{20};
/// Starting a browser is the longest of what a driver is asked to do.
constexpr std::chrono::seconds longest_command{60};

constexpr std::size_t connections = 2;

instance_options instance_of(const browser_sign_in_options& options) {
  instance_options made;
  made.base_url = options.base_url;
  made.pool = options.pool;
  made.network = options.network;
  return made;
}

/// One signing in, step by step.
class browser_session {
 public:
  browser_session(const browser_sign_in_options& options, asio::any_io_executor executor)
      : options_(options),
        executor_(executor),
        time_(executor),
        deadline_(time_.now() + options.timeout),
        where_(instance_of(options), quiet_) {}

  awaitable<result<std::string>> run() {
    auto choice = login::choose_browser(options_.driver, options_.browser);
    if (!choice) co_return choice.error();
    auto reached = co_await reach_instance();
    if (!reached) co_return reached.error();
    auto started = co_await start_driver(*choice);
    if (!started) co_return started.error();
    auto opened = co_await open_browser(*choice);
    if (!opened) co_return opened.error();
    auto cookies = co_await wait_for_person();
    // What does not close now is ended with the driver.
    auto closed = co_await window_->end();
    (void)closed;
    co_return cookies;
  }

 private:
  void say(std::string_view text) const {
    if (options_.say) options_.say(text);
  }

  awaitable<result<void>> reach_instance() {
    instance_lane::guest self{quiet_, where_.options.pool};
    self.part.connections = connections;
    auto made = instance_lane::make(executor_, where_, self);
    if (!made) co_return made.error();
    lane_ = std::move(*made);
    auto reached = co_await lane_->http().reach(options_.base_url);
    co_return reached;
  }

  awaitable<result<void>> start_driver(const login::browser_choice& choice) {
    auto process = login::driver_process::start(choice.driver);
    if (!process) co_return process.error();
    driver_ = std::move(*process);
    http::client_config local;
    local.base_url = driver_->address();
    local.allow_http = true;
    local.max_connections = 1;
    local.idle_timeout = longest_command;
    local.request_timeout = longest_command;
    auto made =
        http::client::make(executor_, std::move(local), {driver_limits_, driver_cookies_, driver_trust_});
    if (!made) co_return made.error();
    driver_http_ = std::move(*made);
    window_ = std::make_unique<login::webdriver>(*driver_http_, driver_->address());
    const auto until = time_.now() + driver_start;
    while (!driver_->ended() && time_.now() < until) {
      auto ready = co_await window_->is_ready();
      if (ready && *ready) co_return result<void>();
      co_await time_.sleep_for(between_looks / 5);
    }
    co_return make_failure(
        errc::config, core::sentence("{} {}; it must be a driver such as chromedriver, msedgedriver or "
                                     "geckodriver: name one with @driver=PATH.",
                                     choice.driver.string(),
                                     driver_->ended() ? "ended at once" : "does not answer like a driver"));
  }

  awaitable<result<void>> open_browser(const login::browser_choice& choice) {
    std::string body = login::new_session_body(choice, {driver_->profile(), options_.headless});
    auto begun = co_await window_->begin(std::move(body));
    if (!begun) co_return login::refused_session(choice, begun.error().message, ::geteuid() == 0);
    auto opened = co_await window_->open(options_.base_url);
    if (!opened) co_return closed();
    say(fmt::format(
        "A browser window has opened: sign in to {} there. It closes by itself when that has worked.",
        core::mask_url(options_.base_url)));
    co_return result<void>();
  }

  awaitable<result<std::string>> wait_for_person() {
    while (time_.now() < deadline_) {
      auto where = co_await window_->where();
      if (!where) {
        auto turned = co_await window_->turn_to_open_window();
        if (!turned) co_return closed();
      } else {
        last_page_ = *where;
        const bool at_home = core::same_origin(*where, options_.base_url);
        auto taken = co_await look(at_home);
        if (taken) co_return std::move(*taken);
      }
      co_await time_.sleep_for(between_looks);
    }
    co_return too_late();
  }

  /// Takes the cookies, and asks the instance with them if they are new.
  awaitable<std::optional<std::string>> look(bool at_home) {
    if (!at_home) co_return std::nullopt;
    auto text = co_await window_->cookies();
    if (!text) co_return std::nullopt;
    const auto now = time_.now();
    if (*text == seen_ && now - asked_ < between_asking) co_return std::nullopt;
    auto cookies = http::parse_cookie_text(*text, "the browser");
    if (!cookies) co_return std::nullopt;
    seen_ = std::move(*text);
    asked_ = now;
    where_.cookies.sign_in(std::move(cookies->cookies));
    auto state = co_await lane_->probe(0);
    answered_ = state.has_value();
    if (!state || *state != sources::session_state::alive) co_return std::nullopt;
    const std::vector<http::cookie> kept = where_.cookies.all();
    co_return http::format_cookie_text(kept);
  }

  [[nodiscard]] static failure closed() {
    return make_failure(
        errc::session_expired,
        "the browser was closed before signing in was finished; nothing was saved. Start again, and "
        "leave the window open until it closes by itself.");
  }

  [[nodiscard]] failure too_late() const {
    auto where = core::origin_of(last_page_);
    return make_failure(
        errc::session_expired,
        core::sentence("nobody was signed in to {} within {} s{}{}; nothing was saved. Start again, with a "
                       "longer @timeout if need be.",
                       core::mask_url(options_.base_url),
                       std::chrono::duration_cast<std::chrono::seconds>(options_.timeout).count(),
                       where ? fmt::format("; the last page was one of {}", core::to_string(*where)) : "",
                       answered_ ? "" : ", and the instance did not answer pofetch's question"));
  }

  const browser_sign_in_options& options_;
  asio::any_io_executor executor_;
  async::asio_clock time_;
  clock::time_point deadline_;
  progress quiet_;
  instance where_;
  std::unique_ptr<instance_lane> lane_;
  http::host_limits driver_limits_{http::ceilings{}};
  http::cookie_jar driver_cookies_;
  http::trust_store driver_trust_;
  std::unique_ptr<login::driver_process> driver_;
  std::unique_ptr<http::client> driver_http_;
  std::unique_ptr<login::webdriver> window_;
  std::string seen_;  // a secret
  clock::time_point asked_{};
  bool answered_ = true;
  std::string last_page_;
};

/// Better known before somebody signs in.
result<void> check_writable(const fs::path& save) {
  std::error_code problem;
  const fs::path folder = save.has_parent_path() ? save.parent_path() : fs::path(".");
  const auto refused = [&save](std::string_view why) {
    return make_failure(errc::config, core::sentence("@save: {} cannot be written: {}.", save.string(), why));
  };
  if (!fs::is_directory(folder, problem))
    return refused(fmt::format("there is no folder {}", folder.string()));
  if (fs::is_directory(save, problem)) return refused("it is a folder; name a file in it");
  if (::access(folder.c_str(), W_OK) != 0)
    return refused(fmt::format("the folder {} may not be written to", folder.string()));
  return {};
}

}  // namespace

result<void> find_browser(const browser_sign_in_options& options) {
  auto choice = login::choose_browser(options.driver, options.browser);
  if (!choice) return choice.error();
  return {};
}

awaitable<result<std::string>> sign_in_with_browser(browser_sign_in_options options) {
  options.base_url = sources::clean_base(options.base_url);
  auto executor = co_await asio::this_coro::executor;
  browser_session session(options, executor);
  auto cookies = co_await session.run();
  co_return cookies;
}

browser_login::browser_login(browser_sign_in_options options) : options_(std::move(options)) {}

awaitable<result<std::string>> browser_login::work() {
  // A stop that was asked for before this began.
  if (stopped_) co_return make_failure(errc::cancelled, "stopped before the browser was started");
  auto cookies = co_await sign_in_with_browser(options_);
  co_return cookies;
}

result<void> browser_login::run(const fs::path& save) {
  result<void> writable = check_writable(save);
  if (!writable) return writable;
  auto cookies =
      async::block_on(context_, work(), stop_.slot(),
                      make_failure(errc::cancelled, "stopped; the browser is closed, nothing was saved"));
  if (!cookies) return cookies.error();
  auto kept = http::parse_cookie_text(*cookies, "the browser");
  if (!kept) return kept.error();
  return http::write_cookie_file(save, http::format_cookie_text(kept->cookies));
}

void browser_login::request_stop() {
  asio::post(context_, [this] {
    stopped_ = true;
    stop_.emit(asio::cancellation_type::terminal);
  });
}

}  // namespace pofetch::engine
