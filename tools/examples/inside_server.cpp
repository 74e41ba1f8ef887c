// A web server that fetches the attachments of a purchase order when it is asked to, and goes on serving
// meanwhile: everything, pofetch included, runs on one io_context that one thread runs.
//
//   GET /ping              answers at once
//   GET /orders/NUMBER     fetches and saves the attachments; answers with a line for each
#include <pofetch/downloader.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using request = http::request<http::string_body>;
using answer = http::response<http::string_body>;

struct server {
  pofetch::client coupa;
  pofetch::downloader pool;
};

answer say(const request& to, http::status status, std::string text) {
  answer made(status, to.version());
  made.keep_alive(to.keep_alive());
  made.set(http::field::content_type, "text/plain; charset=utf-8");
  made.body() = std::move(text);
  made.prepare_payload();
  return made;
}

/// co_await stands alone, with named values: GCC 12 miscompiles some larger expressions.
pofetch::awaitable<answer> fetch(server& with, const request& to, std::string number) {
  auto found = co_await with.coupa.discover(number);
  if (!found) co_return say(to, http::status::bad_gateway, found.error().message + "\n");
  auto done = co_await with.pool.download_attachments_parallel(found->attachments, 4, found->notes);
  auto saved = co_await with.pool.save(std::move(done), number);
  std::string lines;
  for (const pofetch::attachment_record& each : saved) {
    lines += std::string(status_word(each)) + " " + each.name;
    if (each.error) lines += " (" + each.error->message + ")";
    lines += "\n";
  }
  co_return say(to, http::status::ok, std::move(lines));
}

pofetch::awaitable<> serve(server& with, asio::ip::tcp::socket socket) {
  constexpr std::string_view orders = "/orders/";
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  for (bool more = true; more;) {
    request asked;
    stream.expires_after(std::chrono::seconds(30));
    co_await http::async_read(stream, buffer, asked, asio::use_awaitable);
    stream.expires_never();
    const std::string target(asked.target());
    answer reply = say(asked, http::status::not_found, "GET /ping or /orders/NUMBER\n");
    if (target == "/ping") reply = say(asked, http::status::ok, "pong\n");
    if (target.starts_with(orders)) reply = co_await fetch(with, asked, target.substr(orders.size()));
    stream.expires_after(std::chrono::seconds(30));
    co_await http::async_write(stream, reply, asio::use_awaitable);
    more = reply.keep_alive();
  }
}

pofetch::awaitable<> listen(server& with, asio::ip::tcp::acceptor& door) {
  for (;;) {
    asio::ip::tcp::socket guest = co_await door.async_accept(asio::use_awaitable);
    auto ended = [](const std::exception_ptr&) {};  // a guest who leaves early
    asio::co_spawn(door.get_executor(), serve(with, std::move(guest)), ended);
  }
}

int complain(const pofetch::failure& why) {
  std::fprintf(stderr, "%s\n", why.message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s DIR BASE_URL COOKIES [CA_FILE]\n", argv[0]);
    return 2;
  }
  pofetch::instance_options options;
  options.base_url = argv[2];
  options.cookie_file = argv[3];
  if (argc > 4) options.pool.ca_file = argv[4];
  auto session = pofetch::session::open(options);
  if (!session) return complain(session.error());
  auto folder = pofetch::output_folder::open(argv[1]);
  if (!folder) return complain(folder.error());

  asio::io_context context(1);
  auto coupa = pofetch::client::open(context.get_executor(), *session);
  if (!coupa) return complain(coupa.error());
  server with{*coupa, pofetch::downloader(*coupa, *folder)};
  asio::ip::tcp::acceptor door(context, {asio::ip::address_v4::loopback(), 0});
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(door.local_endpoint().port()));
  std::fflush(stdout);
  asio::co_spawn(context, listen(with, door), [](const std::exception_ptr&) {});
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&context](auto, auto) { context.stop(); });
  context.run();
  return 0;
}
