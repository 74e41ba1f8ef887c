#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::testing {

/// A blocking HTTPS client that verifies the server, apart from pofetch's own: what checks the servers
/// of the tests. One connection; throws boost::system::system_error.
class https_client {
 public:
  using answer = boost::beast::http::response<boost::beast::http::string_body>;
  using fields = std::vector<std::pair<std::string, std::string>>;

  https_client(std::uint16_t port, const std::string& ca_pem, const std::string& host = "localhost")
      : authority_(host + ':' + std::to_string(port)), stream_(context_, prepare(tls_, ca_pem)) {
    stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    shake_hands(host);
  }

  /// Over a connection that is there already: it must live as long as its own io_context.
  https_client(boost::asio::ip::tcp::socket socket, const std::string& ca_pem)
      : authority_("localhost"), stream_(std::move(socket), prepare(tls_, ca_pem)) {
    shake_hands("localhost");
  }

  answer request(const std::string& method, const std::string& target, const fields& list = {},
                 const std::string& body = {}) {
    namespace http = boost::beast::http;
    http::request<http::string_body> question;
    question.method_string(method);
    question.target(target);
    question.set(http::field::host, authority_);
    for (const auto& [name, value] : list) question.set(name, value);
    question.body() = body;
    question.prepare_payload();
    http::write(stream_, question);
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    if (method == "HEAD") parser.skip(true);
    http::read(stream_, buffer_, parser);
    return parser.release();
  }

  answer get(const std::string& target, const fields& list = {}) { return request("GET", target, list); }

 private:
  static boost::asio::ssl::context& prepare(boost::asio::ssl::context& context, const std::string& ca_pem) {
    context.add_certificate_authority(boost::asio::buffer(ca_pem));
    context.set_verify_mode(boost::asio::ssl::verify_peer);
    return context;
  }

  void shake_hands(const std::string& host) {
    SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
    stream_.set_verify_callback(boost::asio::ssl::host_name_verification(host));
    stream_.handshake(boost::asio::ssl::stream_base::client);
  }

  std::string authority_;
  boost::asio::io_context context_;
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_client};
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace pofetch::testing
