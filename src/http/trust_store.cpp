#include "http/trust_store.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <string>
#include <system_error>

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

}  // namespace

void trust_store::free_store::operator()(x509_store_st* store) const noexcept { X509_STORE_free(store); }

trust_store::trust_store() = default;
trust_store::~trust_store() = default;

result<x509_store_st*> trust_store::load(const std::string& ca_file) {
  const std::lock_guard lock(mutex_);
  if (store_ && ca_file_ == ca_file) return store_.get();
  ERR_clear_error();
  std::unique_ptr<x509_store_st, free_store> fresh(X509_STORE_new());
  if (!fresh || X509_STORE_set_default_paths(fresh.get()) != 1)
    return unusable("the certificate authorities that this machine trusts cannot be read");
  if (!ca_file.empty() && X509_STORE_load_file(fresh.get(), ca_file.c_str()) != 1)
    return unusable(fmt::format("--cacert {}: this is no readable PEM file with certificates", ca_file));
  // A missing system bundle leaves an error behind though the call succeeds.
  ERR_clear_error();
  store_ = std::move(fresh);
  ca_file_ = ca_file;
  return store_.get();
}

}  // namespace pofetch::http

// All lanes verify against one X509_STORE. OpenSSL works out a certificate's extensions when it is first
// used, under the certificate's lock, and announces them by an atomic flag (X509::ex_cached); later readers
// look at the flag only. ThreadSanitizer sees into OpenSSL through memcmp and memcpy alone, not that flag,
// and takes the reads for unordered.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:^ASN1_STRING_cmp$\nrace:^ASN1_OCTET_STRING_cmp$\nrace:^X509_cmp$\nrace:^X509_NAME_cmp$\n";
}
#endif
#endif
