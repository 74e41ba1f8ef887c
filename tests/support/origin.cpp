#include "support/origin.hpp"

#include "coupa-sim/certificates.hpp"
#include "support/origin_line.hpp"
#include "support/origin_reader.hpp"
#include "support/origin_sockets.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <mutex>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace pofetch::testing {
namespace {

struct context_releaser {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using tls_context = std::unique_ptr<SSL_CTX, context_releaser>;

coupa_sim::certificate_wish wish_for(origin_certificate kind, const std::string& host) {
  coupa_sim::certificate_wish wish;
  if (std::find(wish.hosts.begin(), wish.hosts.end(), host) == wish.hosts.end()) wish.hosts.push_back(host);
  if (kind == origin_certificate::wrong_host) wish.hosts = {"elsewhere.example"};
  wish.expired = kind == origin_certificate::expired;
  wish.self_signed = kind == origin_certificate::self_signed;
  return wish;
}

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("the test origin could not ") + what);
}

tls_context make_context(const origin_options& wanted, const coupa_sim::certificate_authority& authority) {
  tls_context context(SSL_CTX_new(TLS_server_method()));
  require(context != nullptr, "start TLS");
  const coupa_sim::key_pair identity = authority.issue(wish_for(wanted.certificate, wanted.host));
  require(use_identity(context.get(), identity.certificate, identity.key), "use its certificate");
  if (wanted.tls_1_1_at_most) {
    // Old versions are only spoken below OpenSSL's default level.
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  }
  constexpr unsigned char name[] = "origin";
  SSL_CTX_set_session_id_context(context.get(), name, sizeof name - 1);
  if (wanted.tls_1_2_at_most) SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  if (wanted.client_certificate || wanted.late_client_certificate)
    require(trust(context.get(), authority.pem()), "trust its own authority");
  if (wanted.client_certificate)
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return context;
}

/// A write to a client that is gone must be an error, not a signal.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

std::filesystem::path write_ca(const std::string& pem) {
  std::string name = (std::filesystem::temp_directory_path() / "pofetch-origin-ca-XXXXXX").string();
  const int descriptor = ::mkstemp(name.data());
  require(descriptor >= 0, "make a file for its authority");
  ::close(descriptor);
  std::ofstream(name, std::ios::binary) << pem;
  return name;
}

}  // namespace

struct origin::state {
  state(origin_handler chosen, origin_options wanted)
      : handler(std::move(chosen)),
        options(std::move(wanted)),
        tls(options.plain_http ? nullptr : make_context(options, authority)),
        ca(write_ca(authority.pem())),
        sockets(options.listen != origin_address::ipv6, options.listen != origin_address::ipv4) {}
  ~state() {
    std::error_code ignored;
    std::filesystem::remove(ca, ignored);
  }

  void accept_all();
  void welcome(int descriptor);
  void serve(origin_line& line, std::size_t connection);
  void serve_requests(origin_line& line, std::size_t connection);

  origin_handler handler;
  origin_options options;
  coupa_sim::certificate_authority authority;
  tls_context tls;
  std::filesystem::path ca;
  origin_sockets sockets;

  mutable std::mutex mutex;
  origin_counts counts;
  std::vector<origin_request> log;
  std::vector<std::unique_ptr<origin_line>> lines;
  std::vector<std::thread> threads;
  bool stopping = false;
  std::thread acceptor;
};

void origin::state::accept_all() {
  for (int descriptor = sockets.accept(); descriptor >= 0; descriptor = sockets.accept()) welcome(descriptor);
}

void origin::state::welcome(int descriptor) {
  const std::lock_guard lock(mutex);
  lines.push_back(std::make_unique<origin_line>(descriptor, tls.get()));
  ++counts.open;
  const std::size_t connection = ++counts.connections;
  threads.emplace_back([this, line = lines.back().get(), connection] { serve(*line, connection); });
}

void origin::state::serve(origin_line& line, std::size_t connection) {
  block_sigpipe();
  const bool ready = line.handshake();
  {
    const std::lock_guard lock(mutex);
    if (!options.plain_http) ++(ready ? counts.handshakes : counts.failed_handshakes);
    if (line.resumed()) ++counts.resumed_handshakes;
  }
  if (ready) serve_requests(line, connection);
  line.close();
  const std::lock_guard lock(mutex);
  --counts.open;
}

void origin::state::serve_requests(origin_line& line, std::size_t connection) {
  origin_reader reader(line);
  origin_request request;
  for (std::size_t number = 1; reader.read(request); ++number) {
    if (options.late_client_certificate && line.client_name().empty() && !line.ask_certificate()) return;
    request.connection = connection;
    request.number = number;
    request.server_name = line.server_name();
    request.client_name = line.client_name();
    request.resumed = line.resumed();
    {
      const std::lock_guard lock(mutex);
      log.push_back(request);
      ++counts.requests;
      counts.max_in_flight = std::max(counts.max_in_flight, ++counts.in_flight);
    }
    origin_peer peer(line);
    handler(request, peer);
    {
      const std::lock_guard lock(mutex);
      --counts.in_flight;
    }
    if (line.ended()) return;
  }
}

origin::origin(origin_handler handler, origin_options options)
    : state_(std::make_unique<state>(std::move(handler), std::move(options))) {
  state_->acceptor = std::thread([parts = state_.get()] { parts->accept_all(); });
}

origin::~origin() { stop(); }

void origin::stop() {
  if (std::exchange(state_->stopping, true)) return;
  state_->sockets.stop();
  state_->acceptor.join();
  {
    const std::lock_guard lock(state_->mutex);
    for (const auto& line : state_->lines) line->interrupt();
  }
  // No further threads are started by now.
  for (std::thread& one : state_->threads) one.join();
}

std::uint16_t origin::port() const noexcept { return state_->sockets.port(); }

std::string origin::base_url() const {
  const std::string& host = state_->options.host;
  const bool literal = host.find(':') != std::string::npos;
  return (state_->options.plain_http ? "http://" : "https://") + (literal ? '[' + host + ']' : host) + ':' +
         std::to_string(port());
}

const std::string& origin::ca_pem() const noexcept { return state_->authority.pem(); }

const std::filesystem::path& origin::ca_file() const noexcept { return state_->ca; }

origin::identity origin::make_client_identity(const std::string& name) const {
  coupa_sim::certificate_wish wish;
  wish.hosts = {name};
  wish.for_client = true;
  coupa_sim::key_pair made = state_->authority.issue(wish);
  return {std::move(made.certificate), std::move(made.key)};
}

origin_counts origin::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

std::size_t origin::requests(std::string_view target) const {
  const std::lock_guard lock(state_->mutex);
  return static_cast<std::size_t>(
      std::count_if(state_->log.begin(), state_->log.end(),
                    [&](const origin_request& request) { return request.target == target; }));
}

std::vector<origin_request> origin::log() const {
  const std::lock_guard lock(state_->mutex);
  return state_->log;
}

}  // namespace pofetch::testing
