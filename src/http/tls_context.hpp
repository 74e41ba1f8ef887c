#pragma once

#include "core/url.hpp"
#include "http/client_identity.hpp"
#include "http/trust_store.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace pofetch::http {

struct ssl_deleter {
  void operator()(ssl_st* session) const noexcept;
};
/// One TLS connection's state (OpenSSL's SSL).
using ssl_ptr = std::unique_ptr<ssl_st, ssl_deleter>;

struct tls_settings {
  /// PEM with authorities in addition to the system's; empty: none.
  std::string ca_file{};
  /// Shown to the instance's own origin only; without a certificate: none.
  client_identity_files identity{};
};

/// How TLS is done: version 1.2 or later, the chain verified against the system's trust store (which
/// SSL_CERT_FILE and SSL_CERT_DIR can move, as for every program on OpenSSL) and an own CA file, the name or
/// address verified against the URL's host. There is no way to turn that off. Keeps the newest session of
/// each host for resumption. Belongs to one executor.
class tls_context {
 public:
  /// `trust` is shared by all lanes. Failure config, naming option and file, if one of the files cannot be
  /// used.
  [[nodiscard]] static result<std::unique_ptr<tls_context>> make(trust_store& trust,
                                                                 const tls_settings& settings);
  ~tls_context();

  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  /// A client's side of a new connection to this origin: server name, name check and a session to resume are
  /// set, a transport is not. `own`: it is the instance's origin, so the client certificate may be shown.
  /// Must not outlive the context.
  [[nodiscard]] result<ssl_ptr> new_client(const core::origin& to, bool own);

  /// Handshakes that were resumed; told by whoever did them.
  void count_handshake(bool resumed) noexcept { resumed_ += resumed ? 1U : 0U; }
  [[nodiscard]] std::uint64_t resumed() const noexcept { return resumed_; }

 private:
  struct sessions;
  tls_context();

  ssl_ctx_st* context_ = nullptr;
  std::unique_ptr<sessions> sessions_;
  std::unique_ptr<client_identity> identity_;
  std::uint64_t resumed_ = 0;
};

/// TLS 1.2 only: the server asked for another handshake within the connection, as those do that want a client
/// certificate late, and that was refused (it is unsafe). Whatever became of the connection then, this is
/// why. Code tls.
[[nodiscard]] std::optional<failure> refused_renegotiation(ssl_st* connection, const core::origin& to);

/// Why a handshake or a record failed, in plain words with what to do about it, from the connection's verify
/// result and OpenSSL's error queue, which is emptied. Code tls.
[[nodiscard]] failure tls_failure(ssl_st* connection, const core::origin& to);

}  // namespace pofetch::http
