#include "http/certificate_facts.hpp"

#include "http/bio_ptr.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace pofetch::http {

namespace {

constexpr std::size_t longest_name = 200;

std::string written(const X509_NAME* name) {
  const bio_ptr memory(BIO_new(BIO_s_mem()));
  if (!memory || name == nullptr) return {};
  // UTF-8 as it is; control characters and what could be taken for a further part are escaped.
  constexpr unsigned long form = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  X509_NAME_print_ex(memory.get(), name, 0, form);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  if (text == nullptr || size <= 0) return {};
  std::string made(text, static_cast<std::size_t>(size));
  if (made.size() > longest_name) made = made.substr(0, longest_name - 3) + "...";
  return made;
}

/// A chain that was refused is remembered, the certificate of the connection is not.
const X509* shown_by(ssl_st* connection) {
  if (const X509* accepted = SSL_get0_peer_certificate(connection)) return accepted;
  const STACK_OF(X509)* chain = SSL_get0_verified_chain(connection);
  return chain != nullptr && sk_X509_num(chain) > 0 ? sk_X509_value(chain, 0) : nullptr;
}

}  // namespace

std::optional<certificate_facts> facts_of(ssl_st* connection) {
  const X509* const shown = shown_by(connection);
  if (shown == nullptr) return std::nullopt;
  certificate_facts made;
  made.subject = written(X509_get_subject_name(shown));
  made.issuer = written(X509_get_issuer_name(shown));
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(shown), &end) == 1)
    made.expires = std::chrono::system_clock::from_time_t(::timegm(&end));
  if (SSL_is_init_finished(connection) != 0) made.protocol = SSL_get_version(connection);
  return made;
}

}  // namespace pofetch::http
