#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::testing {

class origin_line;

/// One request as it came.
struct origin_request {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  ///< lower-case names; repeated fields joined with ", "
  std::string raw_head;                        ///< with the blank line
  std::string body;
  std::size_t connection = 0;  ///< from 1, in the order of acceptance
  std::size_t number = 0;      ///< on that connection, from 1
  std::string server_name;     ///< SNI
  std::string client_name;     ///< common name of the client's certificate, if it sent one
  bool resumed = false;        ///< the connection's TLS session was resumed

  /// Value of a field (lower-case name), empty if there is none.
  [[nodiscard]] std::string header(const std::string& name) const;
};

/// The client's end of the connection, as the handler writes to it. Calls block; those that send return
/// false when the client is gone or the origin stops. Bytes go out as they are: nothing is added.
class origin_peer {
 public:
  using fields = std::vector<std::pair<std::string, std::string>>;

  explicit origin_peer(origin_line& line) : line_(line) {}

  bool send(std::string_view bytes);
  /// Status line, these fields, blank line.
  bool send_head(int status, const fields& list);
  /// A whole answer with Content-Length.
  bool reply(int status, std::string_view body, const fields& list = {});
  /// One chunk of a chunked body (RFC 9112, section 7.1); an empty one is the last.
  bool send_chunk(std::string_view bytes);
  /// Byte by byte with a pause after each.
  bool drip(std::string_view bytes, std::chrono::milliseconds pause);

  void close();  ///< TLS close_notify, then FIN
  void cut();    ///< FIN without close_notify
  void reset();  ///< RST

  /// Does nothing for so long, or until the origin stops.
  bool stall(std::chrono::milliseconds span = std::chrono::hours(1));
  /// Relays bytes between the client and this port of 127.0.0.1 until one of them ends, as a proxy does
  /// after CONNECT. For plain HTTP origins.
  void tunnel_to(std::uint16_t port);

 private:
  origin_line& line_;
};

/// Called for every request on the thread of its connection; several run at the same time. Returning
/// keeps the connection for the next request, unless it was ended.
using origin_handler = std::function<void(const origin_request&, origin_peer&)>;

enum class origin_certificate { good, wrong_host, expired, self_signed };
enum class origin_address { ipv4, ipv6, both };

struct origin_options {
  bool plain_http = false;
  bool tls_1_1_at_most = false;
  origin_certificate certificate = origin_certificate::good;
  /// Only clients with a certificate of the origin's authority get through.
  bool client_certificate = false;
  /// The same, but asked for when a request has come: after the handshake (TLS 1.3), by renegotiation before
  /// that.
  bool late_client_certificate = false;
  bool tls_1_2_at_most = false;
  origin_address listen = origin_address::ipv4;
  /// Host of base_url; the certificate is good for it, and for localhost, 127.0.0.1 and ::1.
  std::string host = "localhost";
};

/// What came so far.
struct origin_counts {
  std::size_t connections = 0;  ///< accepted
  std::size_t open = 0;         ///< of these, not ended yet
  std::size_t handshakes = 0;   ///< completed
  std::size_t failed_handshakes = 0;
  std::size_t resumed_handshakes = 0;
  std::size_t requests = 0;
  std::size_t in_flight = 0;  ///< handlers running (each counts until it has returned)
  std::size_t max_in_flight = 0;
};

/// A server in the test's own process, scripted to misbehave at byte level. Listens when constructed;
/// one thread a connection, all joined by `stop`.
class origin {
 public:
  explicit origin(origin_handler handler, origin_options options = {});
  ~origin();

  origin(const origin&) = delete;
  origin& operator=(const origin&) = delete;

  /// Ends all connections and joins. May be called again.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::string base_url() const;
  /// The authority's certificate, as text and as a file that lives as long as the origin.
  [[nodiscard]] const std::string& ca_pem() const noexcept;
  [[nodiscard]] const std::filesystem::path& ca_file() const noexcept;

  /// A client certificate of the origin's authority with its key, PEM.
  struct identity {
    std::string certificate;
    std::string key;
  };
  [[nodiscard]] identity make_client_identity(const std::string& name) const;

  [[nodiscard]] origin_counts counts() const;
  /// How often a target was asked for.
  [[nodiscard]] std::size_t requests(std::string_view target) const;
  /// Every request so far, in the order of arrival.
  [[nodiscard]] std::vector<origin_request> log() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::testing
