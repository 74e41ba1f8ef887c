#include "service/service.hpp"

#include "core/consequence.hpp"
#include "http/io_result.hpp"
#include "service/batches/batch_desk.hpp"
#include "service/listeners.hpp"
#include "service/metrics/service_metrics.hpp"
#include "service/page/page.hpp"
#include "service/routes/api.hpp"
#include "service/server/acceptor.hpp"
#include "service/server/heartbeat.hpp"
#include "service/server/identity.hpp"
#include "service/systemd/manager.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::service {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds runs_end{15};
constexpr std::chrono::seconds answers_end{2};

result<std::vector<public_name>> read_names(const std::vector<std::string>& urls) {
  std::vector<public_name> names(urls.size());
  for (std::size_t i = 0; i < urls.size(); ++i)
    if (!read_public_url(urls[i], names[i]))
      return make_failure(
          errc::config,
          fmt::format("--public-url: '{}' is no address such as https://pofetch.example.com.", urls[i]));
  return names;
}

/// Null: there is no TLS.
result<std::shared_ptr<const tls_identity>> load_tls(const serve_options& options) {
  const std::shared_ptr<const tls_identity> none;
  if (!options.tls_cert.empty())
    return tls_identity::load({options.tls_cert, options.tls_key, options.tls_client_ca});
  if (options.tls_key.empty() && options.tls_client_ca.empty()) return none;
  return make_failure(errc::config, fmt::format("{}: there is no certificate to it; --tls-cert names one.",
                                                options.tls_key.empty() ? "--tls-client-ca" : "--tls-key"));
}

/// Those of an address for the API, and of one for monitoring.
std::pair<std::vector<route>, std::vector<route>> split_routes(const std::vector<route>& all) {
  std::pair<std::vector<route>, std::vector<route>> made;
  for (const route& each : all) {
    const bool is_metrics = each.pattern == "/metrics";
    if (!is_metrics) made.first.push_back(each);
    if (is_metrics || each.pattern == "/healthz" || each.pattern == "/readyz") made.second.push_back(each);
  }
  return made;
}

/// One service, from its start to its end.
class running_service {
 public:
  running_service(const serve_options& options, const voice& says) : options_(options), says_(says) {}

  exit_state run() {
    auto ready = prepare();
    if (!ready) {
      says_.complain(ready.error().message);
      return core::consequence_of(ready.error().code).exit;
    }
    std::exception_ptr failed;
    auto done = [&failed](std::exception_ptr why) { failed = why; };
    asio::co_spawn(context_, live(), done);
    context_.run();
    if (failed) std::rethrow_exception(failed);
    return ended_;
  }

 private:
  result<void> prepare();
  void watch_lanes();
  result<void> open_doors();
  void take_clients(std::vector<listening_socket>& sockets, server_core& core);
  void reload();
  void reload_tokens();
  void reload_tls();
  void tell_that_ready();
  awaitable<> feed_watchdog(std::chrono::microseconds patience);
  awaitable<> live();
  awaitable<> wait_for_stop();
  awaitable<> end();
  void leave_on_second_signal();

  const serve_options& options_;
  const voice& says_;
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGTERM, SIGINT, SIGHUP};
  const std::string instance_ = new_mark();
  service_metrics metrics_{options_.profiles};
  server_core core_{route_table{{}}};
  /// Of --metrics-listen.
  server_core metrics_core_{route_table{{}}};
  std::vector<listening_socket> sockets_;
  std::vector<listening_socket> metrics_sockets_;
  std::optional<data_folder> folder_;
  std::unique_ptr<webhook_sender> hooks_;
  std::unique_ptr<batch_desk> desk_;
  std::unique_ptr<heartbeat> heart_;
  std::unique_ptr<api> api_;
  async::task_group clients_{context_.get_executor()};
  async::task_group workers_{context_.get_executor()};
  std::vector<std::unique_ptr<acceptor>> acceptors_;
  exit_state ended_ = exit_state::ok;
};

result<void> running_service::prepare() {
  auto names = read_names(options_.public_urls);
  if (!names) return names.error();
  core_.names = std::move(*names);
  core_.max_list = options_.max_list;
  if (!options_.tokens.empty()) {
    auto tokens = load_tokens(options_.tokens);
    if (!tokens) return tokens.error();
    core_.tokens = tokens->tokens;
    if (!tokens->warning.empty()) says_.warn(tokens->warning);
  }
  auto tls = load_tls(options_);
  if (!tls) return tls.error();
  core_.tls = std::move(*tls);
  auto folder = data_folder::open(options_.data);
  if (!folder) return folder.error();
  folder_.emplace(std::move(*folder));
  auto index = batch_index::open(folder_->index());
  if (!index) return index.error();
  webhook_sender::parts hooks{context_.get_executor(), workers_,
                              [this](const delivery& what) { return desk_->save_delivery(what); }, says_.warn,
                              [this](bool taken) { metrics_.webhook_tried(taken); }};
  auto sender = webhook_sender::make(std::move(hooks), options_.webhooks);
  if (!sender) return sender.error();
  hooks_ = std::move(*sender);
  batch_desk::parts parts{context_.get_executor(),      options_, *folder_,  std::move(*index),
                          make_engine_runner(metrics_), metrics_, instance_, *hooks_};
  desk_ = std::make_unique<batch_desk>(std::move(parts));
  std::vector<std::string> told;
  if (auto loaded = desk_->load(told); !loaded) return loaded;
  for (const std::string& each : told) says_.warn(each);
  watch_lanes();
  return open_doors();
}

/// The lanes of the runs, and the executor that answers requests.
void running_service::watch_lanes() {
  auto lanes = desk_->runner().lanes();
  lanes.emplace_back(context_.get_executor());
  const auto heard = [this](heartbeat::duration after) { metrics_.lane_answered(after); };
  heart_ = std::make_unique<heartbeat>(std::move(lanes), heard);
  core_.metrics = &metrics_;
  core_.heart = heart_.get();
}

result<void> running_service::open_doors() {
  auto opened = open_listeners(options_);
  if (!opened) return opened.error();
  sockets_ = std::move(opened->api);
  metrics_sockets_ = std::move(opened->metrics);
  api_ = std::make_unique<api>(options_, *folder_, *desk_, core_, instance_);
  auto routes = api_->routes();
  for (route& each : page_routes()) routes.push_back(std::move(each));
  if (metrics_sockets_.empty()) {
    core_.routes = route_table(std::move(routes));
    return {};
  }
  auto [rest, own] = split_routes(routes);
  metrics_core_ = core_;
  core_.routes = route_table(std::move(rest));
  metrics_core_.routes = route_table(std::move(own));
  core_.beside = &metrics_core_;
  return {};
}

void running_service::reload_tokens() {
  if (options_.tokens.empty()) return;
  auto tokens = load_tokens(options_.tokens);
  if (tokens)
    core_.tokens = metrics_core_.tokens = tokens->tokens;
  else
    says_.warn(tokens.error().message + "; the tokens that were read before stay.");
  if (tokens && !tokens->warning.empty()) says_.warn(tokens->warning);
}

void running_service::reload_tls() {
  auto tls = load_tls(options_);
  if (tls)
    core_.tls = metrics_core_.tls = std::move(*tls);
  else
    says_.warn(tls.error().message + " The certificate that was read before stays.");
}

void running_service::reload() {
  tell_manager_of_reload();
  reload_tokens();
  reload_tls();
  tell_manager("READY=1");
}

/// systemd restarts a service that has been silent for too long. A word from the executor that answers
/// requests is one that they are answered; while another lane is stuck, there is none.
awaitable<> running_service::feed_watchdog(std::chrono::microseconds patience) {
  asio::steady_timer timer(context_);
  for (;;) {
    if (heart_->is_alive(std::chrono::steady_clock::now())) tell_manager("WATCHDOG=1");
    timer.expires_after(patience / 3);
    const auto [error] = co_await timer.async_wait(http::as_result);
    if (error) co_return;
  }
}

void running_service::tell_that_ready() {
  std::string places;
  for (const auto& each : acceptors_) {
    const std::string url = url_of(each->socket(), core_.tls != nullptr);
    says_.tell("listening on " + url);
    places += (places.empty() ? "" : ", ") + url;
  }
  tell_manager("READY=1\nSTATUS=Listening on " + places);
}

awaitable<> running_service::wait_for_stop() {
  for (;;) {
    const auto [error, signal] = co_await signals_.async_wait(http::as_result);
    if (error || signal != SIGHUP) co_return;
    reload();
  }
}

void running_service::leave_on_second_signal() {
  auto leave = [this](boost::system::error_code error, int signal) {
    if (error) return;
    if (signal == SIGHUP) return leave_on_second_signal();
    ::_exit(128 + signal);
  };
  signals_.async_wait(leave);
}

void running_service::take_clients(std::vector<listening_socket>& sockets, server_core& core) {
  for (listening_socket& each : sockets) {
    acceptors_.push_back(
        std::make_unique<acceptor>(context_.get_executor(), std::move(each), core, clients_));
    workers_.spawn(acceptors_.back()->run());
  }
}

awaitable<> running_service::live() {
  take_clients(sockets_, core_);
  take_clients(metrics_sockets_, metrics_core_);
  workers_.spawn(desk_->keep_watch());
  workers_.spawn(hooks_->run());
  // To the very end, so among those that are stopped last.
  clients_.spawn(heart_->run());
  if (const auto patience = manager_patience()) clients_.spawn(feed_watchdog(*patience));
  tell_that_ready();
  co_await wait_for_stop();
  leave_on_second_signal();
  co_await end();
}

/// No new clients and runs; those that are at work end first, then the answers that are under way.
awaitable<> running_service::end() {
  constexpr std::chrono::milliseconds glance{10};
  core_.ending = metrics_core_.ending = true;
  tell_manager("STOPPING=1\nSTATUS=Waiting for batches and answers under way to end");
  workers_.cancel();
  const bool workers_ended = co_await workers_.join();
  acceptors_.clear();
  desk_->wake_streams();
  const bool ended = co_await desk_->stop(runs_end);
  if (!ended || !workers_ended) {
    says_.complain("a batch did not end in time; its state is saved.");
    ::_exit(static_cast<int>(exit_state::terminated));
  }
  asio::steady_timer timer(context_);
  const auto until = std::chrono::steady_clock::now() + answers_end;
  while (core_.busy + metrics_core_.busy > 0 && std::chrono::steady_clock::now() < until) {
    timer.expires_after(glance);
    const auto [error] = co_await timer.async_wait(http::as_result);
    static_cast<void>(error);
  }
  clients_.cancel();
  const bool clients_ended = co_await clients_.join();
  static_cast<void>(clients_ended);
  boost::system::error_code ignored;
  signals_.cancel(ignored);
}

}  // namespace

exit_state serve(const serve_options& options, const voice& says) {
  running_service service(options, says);
  return service.run();
}

}  // namespace pofetch::service
