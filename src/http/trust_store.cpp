#include "http/trust_store.hpp"

#include "core/setting_text.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

namespace pofetch::http {

namespace {

/// The system's own words where it refused a call: that is the first of OpenSSL's errors, not the last.
std::string reason_of_errors() {
  const auto first = ERR_peek_error();
  if (ERR_SYSTEM_ERROR(first)) return std::generic_category().message(ERR_GET_REASON(first));
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason != nullptr ? reason : "no reason given";
}

failure unusable(const std::string& what) {
  auto why = make_failure(errc::config, fmt::format("{} ({})", what, reason_of_errors()));
  ERR_clear_error();
  return why;
}

/// The system's bundle, read when a chain needs an authority that neither --cacert nor the system's folder
/// has. Reading it takes as long as a hundred handshakes, and a company that re-signs TLS has an authority of
/// its own.
struct bundle {
  std::once_flag once{};
  X509_LOOKUP* into = nullptr;  ///< owned by the store
};

/// Of OpenSSL: called when the store is freed.
void free_bundle(void*, void* held, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<bundle*>(held); }

int bundle_index() {
  static const int index = X509_STORE_get_ex_new_index(0, nullptr, nullptr, nullptr, &free_bundle);
  return index;
}

void read_bundle(X509_LOOKUP* into) {
  const char* file = ::secure_getenv(X509_get_default_cert_file_env());
  if (file == nullptr) file = X509_get_default_cert_file();
  // One that is missing is no error, and must not look like one of the handshake that asked.
  ERR_set_mark();
  static_cast<void>(X509_load_cert_crl_file(into, file, X509_FILETYPE_PEM));
  ERR_pop_to_mark();
}

void need_bundle(X509_STORE_CTX* verification) {
  X509_STORE* store = X509_STORE_CTX_get0_store(verification);
  auto* system = static_cast<bundle*>(X509_STORE_get_ex_data(store, bundle_index()));
  if (system != nullptr) std::call_once(system->once, read_bundle, system->into);
}

bool is_current(const X509* certificate) {
  return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
         X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

/// As OpenSSL finds it, but that one which would do for now is not looked for any further.
int find_issuer(X509** issuer, X509_STORE_CTX* verification, X509* of) {
  const int found = X509_STORE_CTX_get1_issuer(issuer, verification, of);
  if (found == 1 && is_current(*issuer)) return found;
  if (found == 1) X509_free(std::exchange(*issuer, nullptr));
  need_bundle(verification);
  return X509_STORE_CTX_get1_issuer(issuer, verification, of);
}

STACK_OF(X509) * find_named(X509_STORE_CTX* verification, const X509_NAME* name) {
  need_bundle(verification);
  return X509_STORE_CTX_get1_certs(verification, name);
}

/// What the machine trusts, found when it is needed.
bool add_system(X509_STORE* store) {
  X509_LOOKUP* folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (folder == nullptr || X509_LOOKUP_add_dir(folder, nullptr, X509_FILETYPE_DEFAULT) != 1) return false;
  auto system = std::make_unique<bundle>();
  system->into = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (system->into == nullptr || X509_STORE_set_ex_data(store, bundle_index(), system.get()) != 1)
    return false;
  static_cast<void>(system.release());
  X509_STORE_set_get_issuer(store, &find_issuer);
  X509_STORE_set_lookup_certs(store, &find_named);
  return true;
}

}  // namespace

void trust_store::free_store::operator()(x509_store_st* store) const noexcept { X509_STORE_free(store); }

trust_store::trust_store() = default;
trust_store::~trust_store() = default;

result<x509_store_st*> trust_store::load(const std::string& ca_file) {
  const std::lock_guard lock(mutex_);
  if (store_ && ca_file_ == ca_file) return store_.get();
  ERR_clear_error();
  std::unique_ptr<x509_store_st, free_store> fresh(X509_STORE_new());
  if (!fresh || !add_system(fresh.get()))
    return unusable("the certificate authorities that this machine trusts cannot be read");
  if (!ca_file.empty() && X509_STORE_load_file(fresh.get(), ca_file.c_str()) != 1)
    return unusable(core::sentence("@cacert {}: this is no readable PEM file with certificates", ca_file));
  ERR_clear_error();
  store_ = std::move(fresh);
  ca_file_ = ca_file;
  return store_.get();
}

}  // namespace pofetch::http

// All lanes verify against one X509_STORE. OpenSSL works out a certificate's extensions when it is first
// used, under the certificate's lock, and announces them by an atomic flag (X509::ex_cached); later readers
// look at the flag only. ThreadSanitizer sees into OpenSSL through memcmp and memcpy alone, not that flag,
// and takes the reads for unordered. Nor does it understand the fence behind which Asio deletes an executor
// that several threads held, if that is too large for its small buffer (a strand).
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:^ASN1_STRING_cmp$\nrace:^ASN1_OCTET_STRING_cmp$\nrace:^X509_cmp$\nrace:^X509_NAME_cmp$\n"
         "race:boost::asio::execution::detail::shared_target_executor\n"
         "race:boost::asio::detail::strand_executor_service\n";
}
#endif
#endif
