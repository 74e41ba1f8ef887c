#include "service/service.hpp"

#include "core/consequence.hpp"
#include "http/io_result.hpp"
#include "service/batches/batch_desk.hpp"
#include "service/page/page.hpp"
#include "service/routes/api.hpp"
#include "service/server/acceptor.hpp"
#include "service/server/identity.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <charconv>
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

result<mode_t> read_mode(const std::string& text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error == std::errc{} && end == text.data() + text.size() && mode <= 0777)
    return static_cast<mode_t>(mode);
  return make_failure(errc::config, "--socket-mode: expected an octal number such as 0660.");
}

result<std::vector<public_name>> read_names(const std::vector<std::string>& urls) {
  std::vector<public_name> names(urls.size());
  for (std::size_t i = 0; i < urls.size(); ++i)
    if (!read_public_url(urls[i], names[i]))
      return make_failure(
          errc::config,
          fmt::format("--public-url: '{}' is no address such as https://pofetch.example.com.", urls[i]));
  return names;
}

result<std::vector<listening_socket>> open_sockets(const serve_options& options) {
  const auto mode = read_mode(options.socket_mode);
  if (!mode) return mode.error();
  std::vector<std::string> wanted = options.listen;
  if (wanted.empty()) wanted.emplace_back("127.0.0.1:8080");
  std::vector<listening_socket> made;
  for (const std::string& each : wanted) {
    const auto at = read_listen_address(each);
    if (!at) return at.error();
    auto socket = listening_socket::open(*at, *mode);
    if (!socket) return socket.error();
    const bool beyond = !socket->is_local() && !socket->is_loopback();
    if (beyond && options.tokens.empty())
      return make_failure(
          errc::config,
          fmt::format("--listen {}: others than this machine can reach it, so --tokens is needed.", each));
    if (beyond && !options.plain_http)
      return make_failure(
          errc::config,
          fmt::format("--listen {}: what is sent there can be read on the way; let a proxy in front do TLS "
                      "and say --plain-http.",
                      each));
    made.push_back(std::move(*socket));
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
  void reload_tokens();
  awaitable<> live();
  awaitable<> wait_for_stop();
  awaitable<> end();
  void leave_on_second_signal();

  const serve_options& options_;
  const voice& says_;
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGTERM, SIGINT, SIGHUP};
  const std::string instance_ = new_mark();
  server_core core_{route_table{{}}};
  std::vector<listening_socket> sockets_;
  std::optional<data_folder> folder_;
  std::unique_ptr<batch_desk> desk_;
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
  auto folder = data_folder::open(options_.data);
  if (!folder) return folder.error();
  folder_.emplace(std::move(*folder));
  auto index = batch_index::open(folder_->index());
  if (!index) return index.error();
  batch_desk::parts parts{context_.get_executor(), options_, *folder_, std::move(*index),
                          make_engine_runner(),    instance_};
  desk_ = std::make_unique<batch_desk>(std::move(parts));
  std::vector<std::string> told;
  if (auto loaded = desk_->load(told); !loaded) return loaded;
  for (const std::string& each : told) says_.warn(each);
  auto sockets = open_sockets(options_);
  if (!sockets) return sockets.error();
  sockets_ = std::move(*sockets);
  api_ = std::make_unique<api>(options_, *folder_, *desk_, core_, instance_);
  auto routes = api_->routes();
  for (route& each : page_routes()) routes.push_back(std::move(each));
  core_.routes = route_table(std::move(routes));
  return {};
}

void running_service::reload_tokens() {
  if (options_.tokens.empty()) return;
  auto tokens = load_tokens(options_.tokens);
  if (tokens)
    core_.tokens = tokens->tokens;
  else
    says_.warn(tokens.error().message + "; the tokens that were read before stay.");
  if (tokens && !tokens->warning.empty()) says_.warn(tokens->warning);
}

awaitable<> running_service::wait_for_stop() {
  for (;;) {
    const auto [error, signal] = co_await signals_.async_wait(http::as_result);
    if (error || signal != SIGHUP) co_return;
    reload_tokens();
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

awaitable<> running_service::live() {
  for (listening_socket& each : sockets_) {
    acceptors_.push_back(
        std::make_unique<acceptor>(context_.get_executor(), std::move(each), core_, clients_));
    workers_.spawn(acceptors_.back()->run());
  }
  workers_.spawn(desk_->keep_watch());
  for (const auto& each : acceptors_) says_.tell("listening on " + each->socket().shown());
  co_await wait_for_stop();
  leave_on_second_signal();
  co_await end();
}

/// No new clients and runs; those that are at work end first, then the answers that are under way.
awaitable<> running_service::end() {
  constexpr std::chrono::milliseconds glance{10};
  core_.ending = true;
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
  while (core_.busy > 0 && std::chrono::steady_clock::now() < until) {
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
