#include "service/server/sockets/tls_identity.hpp"

#include "os/failure_of.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace pofetch::service {

namespace {

std::string words_of_openssl() {
  const unsigned long code = ERR_peek_error();
  const char* const reason = ERR_reason_error_string(code);
  std::string words = reason != nullptr ? reason : "no reason given";
  if (ERR_SYSTEM_ERROR(code)) words = os::words_of(ERR_GET_REASON(code));
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE)
    words = "what is looked for does not stand in it in PEM";
  const bool pair = ERR_GET_LIB(code) == ERR_LIB_X509;
  if (pair && (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH ||
               ERR_GET_REASON(code) == X509_R_KEY_TYPE_MISMATCH))
    words = "the private key belongs to another certificate";
  ERR_clear_error();
  return words;
}

failure unusable(std::string_view option, const std::filesystem::path& file, std::string_view why) {
  return make_failure(errc::config, fmt::format("{} {}: {}.", option, file.string(), why));
}

/// Nobody is there to be asked for the words that open a key.
int give_no_words(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// Clients that do not speak HTTP/1.1 are told so (RFC 7301 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned int count, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, ours.data(), ours.size(), offered, count) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

result<void> use_pair(SSL_CTX* context, const tls_files& from) {
  if (SSL_CTX_use_certificate_chain_file(context, from.certificate.c_str()) != 1)
    return unusable("--tls-cert", from.certificate, words_of_openssl());
  const bool apart = !from.key.empty();
  const std::string_view option = apart ? "--tls-key" : "--tls-cert";
  const std::filesystem::path& file = apart ? from.key : from.certificate;
  bool locked = false;
  SSL_CTX_set_default_passwd_cb(context, &give_no_words);
  SSL_CTX_set_default_passwd_cb_userdata(context, &locked);
  const bool used = SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (locked) return unusable(option, file, "the private key is protected by a passphrase");
  if (!used || SSL_CTX_check_private_key(context) != 1) return unusable(option, file, words_of_openssl());
  return {};
}

result<void> ask_clients(SSL_CTX* context, const std::filesystem::path& authorities) {
  STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(authorities.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, authorities.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return unusable("--tls-client-ca", authorities, words_of_openssl());
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

}  // namespace

tls_identity::~tls_identity() { SSL_CTX_free(context_); }

result<std::shared_ptr<const tls_identity>> tls_identity::load(const tls_files& from) {
  ERR_clear_error();
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  const std::shared_ptr<const tls_identity> made(new tls_identity(context));
  // A session is taken up again only by those who were let in by this very pair.
  static constexpr std::array<unsigned char, 7> name{'p', 'o', 'f', 'e', 't', 'c', 'h'};
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_session_id_context(context, name.data(), name.size()) != 1)
    return make_failure(errc::config,
                        fmt::format("TLS cannot be set up on this machine: {}.", words_of_openssl()));
  SSL_CTX_set_options(context,
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
  if (auto used = use_pair(context, from); !used) return used.error();
  if (!from.client_authorities.empty())
    if (auto asked = ask_clients(context, from.client_authorities); !asked) return asked.error();
  return made;
}

http::ssl_ptr tls_identity::new_session(int socket) const {
  ERR_clear_error();
  http::ssl_ptr made(SSL_new(context_));
  if (made && SSL_set_fd(made.get(), socket) != 1) made.reset();
  if (made) SSL_set_accept_state(made.get());
  return made;
}

}  // namespace pofetch::service
