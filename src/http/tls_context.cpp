#include "http/tls_context.hpp"

#include "core/address.hpp"
#include "core/setting_text.hpp"
#include "http/certificate_facts.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace pofetch::http {

namespace {

/// Hosts whose session is kept; with more of them, the store starts anew.
constexpr std::size_t max_sessions = 64;

struct session_deleter {
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using session_ptr = std::unique_ptr<SSL_SESSION, session_deleter>;

/// Bytes that one read from the socket may take in: several records at once.
constexpr std::size_t read_ahead_bytes = 64U << 10;

constexpr std::string_view client_certificate_advice =
    "it asks for a client certificate, and none was shown: give one with @client_cert=FILE (and "
    "@client_key=FILE), which goes to the @base_url only";

std::string openssl_words() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_peek_last_error();
  if (code == 0) return "no reason given";
  if (const char* reason = ERR_reason_error_string(code)) return reason;
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

/// Names the host for the server and for the check of its certificate (RFC 9110 4.3.4).
bool set_peer_name(SSL* connection, const std::string& host) {
  if (core::classify_address(host))
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str()) == 1;
  SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(connection, host.c_str()) == 1 &&
         SSL_set_tlsext_host_name(connection, host.c_str()) == 1;
}

/// Plain words for a verify result; empty if OpenSSL's own have to do.
std::string words_for_verify(long code) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet (is this machine's clock right?)";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for another name";
    case X509_V_ERR_CERT_REVOKED:
      return "its certificate was revoked";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return core::spelled(
          "its certificate comes from an authority that this machine does not trust (if your company "
          "re-signs TLS, give its authority with @cacert)");
    default:
      return {};
  }
}

std::string words_for_handshake() {
  switch (ERR_GET_REASON(ERR_peek_last_error())) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "it does not speak TLS 1.2 or later";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
      return "it does not answer in TLS";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return core::spelled(client_certificate_advice);
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return core::sentence("it refuses the certificate of @client_cert ({})", openssl_words());
    default:
      return openssl_words();
  }
}

/// Marks a connection whose server asked for a client certificate that it was not given.
int unmet_wish_slot() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// OpenSSL calls this only if none was set.
int note_unmet_wish(SSL* connection, X509**, EVP_PKEY**) {
  static char mark = 0;
  SSL_set_ex_data(connection, unmet_wish_slot(), &mark);
  return 0;
}

/// Marks a connection whose server was told that there is no renegotiation.
int renegotiation_slot() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

void note_alert(const SSL* connection, int where, int value) {
  static char mark = 0;
  constexpr int description = 0xff;
  if ((where & SSL_CB_WRITE_ALERT) == SSL_CB_WRITE_ALERT && (value & description) == SSL_AD_NO_RENEGOTIATION)
    SSL_set_ex_data(const_cast<SSL*>(connection), renegotiation_slot(), &mark);
}

bool lacks_client_certificate(SSL* connection) {
  return SSL_get_ex_data(connection, unmet_wish_slot()) != nullptr;
}

}  // namespace

struct tls_context::sessions {
  std::map<std::string, session_ptr, std::less<>> newest;

  static int slot() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
  }

  /// OpenSSL hands over a new session. Ours is a copy: that of a connection is spoiled with it.
  static int keep(SSL* connection, SSL_SESSION* session) {
    auto* owner = static_cast<sessions*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
    const auto* key = static_cast<const std::string*>(SSL_get_ex_data(connection, slot()));
    if (owner == nullptr || key == nullptr) return 0;
    try {
      owner->newest.at(*key).reset(SSL_SESSION_dup(session));
    } catch (...) {
    }
    return 0;
  }

  /// A copy for one connection. OpenSSL takes a ticket of TLS 1.3 for used up once a connection was opened
  /// with it; as it says itself, that is advice (RFC 8446 C.4: who watches the network could tell that both
  /// are of one client). Here all connections of a host are opened at once, long before each has a ticket of
  /// its own, and a server that allows a ticket once only just makes a full handshake of it.
  static void use(const session_ptr& known, SSL* connection) {
    const session_ptr copy(SSL_SESSION_dup(known.get()));
    if (copy) SSL_set_session(connection, copy.get());
  }
};

void ssl_deleter::operator()(ssl_st* session) const noexcept {
  // Connections are just closed. Without this mark OpenSSL takes that for a sign of an attack and makes the
  // session useless for resumption; a fatal error has done so already.
  if (session != nullptr) SSL_set_shutdown(session, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(session);
}

tls_context::tls_context() : sessions_(std::make_unique<sessions>()) {}

tls_context::~tls_context() { SSL_CTX_free(context_); }

result<std::unique_ptr<tls_context>> tls_context::make(trust_store& trust, const tls_settings& settings) {
  auto authorities = trust.load(settings.ca_file);
  if (!authorities) return authorities.error();
  ERR_clear_error();
  std::unique_ptr<tls_context> made(new tls_context());
  if (!settings.identity.certificate.empty()) {
    auto identity = client_identity::load(settings.identity);
    if (!identity) return identity.error();
    made->identity_ = std::move(*identity);
  }
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  made->context_ = context;
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
    return make_failure(errc::config,
                        fmt::format("TLS cannot be set up on this machine: {}", openssl_words()));
  SSL_CTX_set1_cert_store(context, *authorities);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, read_ahead_bytes);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_app_data(context, made->sessions_.get());
  SSL_CTX_sess_set_new_cb(context, &sessions::keep);
  SSL_CTX_set_client_cert_cb(context, &note_unmet_wish);
  SSL_CTX_set_info_callback(context, &note_alert);
  return made;
}

result<ssl_ptr> tls_context::new_client(const core::origin& to, bool own) {
  ERR_clear_error();
  auto& newest = sessions_->newest;
  std::string key = fmt::format("{}:{}", to.host, to.port);
  auto known = newest.find(key);
  if (known == newest.end()) {
    // The map's keys are what the connections point to: they stay until the context ends.
    if (newest.size() >= max_sessions) key = "others";
    known = newest.try_emplace(std::move(key)).first;
  }
  ssl_ptr connection(SSL_new(context_));
  const bool ready =
      connection && set_peer_name(connection.get(), to.host) &&
      (!own || !identity_ || identity_->use_on(connection.get())) &&
      SSL_set_ex_data(connection.get(), sessions::slot(), const_cast<std::string*>(&known->first)) == 1;
  if (!ready)
    return make_failure(errc::tls,
                        fmt::format("no TLS connection to {} can be prepared: {}", to.host, openssl_words()));
  // A server may ask for the certificate as late as with the first request for what needs it (RFC
  // 8446 4.6.2).
  if (own && identity_) SSL_set_post_handshake_auth(connection.get(), 1);
  constexpr std::array<unsigned char, 9> alpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_set_alpn_protos(connection.get(), alpn.data(), alpn.size());
  if (known->second && known->first != "others") sessions::use(known->second, connection.get());
  SSL_set_connect_state(connection.get());
  return connection;
}

std::optional<failure> refused_renegotiation(ssl_st* connection, const core::origin& to) {
  if (connection == nullptr || SSL_get_ex_data(connection, renegotiation_slot()) == nullptr)
    return std::nullopt;
  ERR_clear_error();
  return make_failure(errc::tls, fmt::format("{} asks for a second TLS handshake in mid-connection "
                                             "(renegotiation), perhaps for a client certificate; "
                                             "pofetch does not do that, since it is unsafe. Those who run it "
                                             "can have it ask for the certificate when "
                                             "the connection is made, or speak TLS 1.3",
                                             core::to_string(to)));
}

failure tls_failure(ssl_st* connection, const core::origin& to) {
  const std::string where = core::to_string(to);
  const long verified = SSL_get_verify_result(connection);
  std::string why;
  if (verified != X509_V_OK) {
    why = words_for_verify(verified);
    if (why.empty())
      why = fmt::format("its certificate is refused: {}", X509_verify_cert_error_string(verified));
    if (const auto shown = facts_of(connection))
      why += fmt::format("; it is one of {}, issued by {}", shown->subject, shown->issuer);
  } else {
    why = words_for_handshake();
  }
  // Before TLS 1.3 a server that misses a certificate just says that the handshake failed.
  const bool alerted = ERR_GET_REASON(ERR_peek_last_error()) >= SSL_AD_REASON_OFFSET;
  if (verified == X509_V_OK && alerted && lacks_client_certificate(connection))
    why = core::spelled(client_certificate_advice);
  ERR_clear_error();
  return make_failure(errc::tls, fmt::format("no secure connection to {}: {}", where, why));
}

}  // namespace pofetch::http
