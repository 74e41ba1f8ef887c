#include "coupa-sim/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>

namespace coupa_sim {
namespace {

struct releaser {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
template <class T>
using owned = std::unique_ptr<T, releaser>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

owned<EVP_PKEY> make_key() {
  owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make an EC key");
  return key;
}

void set_serial(X509* certificate) {
  std::uint64_t serial = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "draw a serial number");
  require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (serial >> 1U) | 1U) == 1,
          "set the serial number");
}

owned<X509> make_certificate(EVP_PKEY* key, const std::string& common_name, bool expired) {
  constexpr long day = 24L * 60 * 60;
  owned<X509> certificate(X509_new());
  require(certificate != nullptr, "make a certificate");
  X509_set_version(certificate.get(), X509_VERSION_3);
  set_serial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), expired ? -3 * day : -day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), expired ? -day : 30 * day);
  require(X509_set_pubkey(certificate.get(), key) == 1, "set the public key");
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(common_name.data()),
                                     static_cast<int>(common_name.size()), -1, 0) == 1,
          "set the subject");
  return certificate;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "add an extension");
}

template <class Write>
std::string to_pem(Write write) {
  const owned<BIO> bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr && write(bio.get()) == 1, "write PEM");
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string certificate_pem(X509* certificate) {
  return to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string key_pem(EVP_PKEY* key) {
  return to_pem(
      [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

bool is_address(const std::string& host) {
  return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    if (!names.empty()) names += ',';
    names += (is_address(host) ? "IP:" : "DNS:") + host;
  }
  return names;
}

}  // namespace

certificate_authority::certificate_authority() {
  owned<EVP_PKEY> key = make_key();
  owned<X509> certificate = make_certificate(key.get(), "coupa-sim test authority", false);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  extend(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) != 0, "sign the authority's certificate");
  pem_ = certificate_pem(certificate.get());
  key_ = key.release();
  certificate_ = certificate.release();
}

certificate_authority::~certificate_authority() {
  EVP_PKEY_free(key_);
  X509_free(certificate_);
}

key_pair certificate_authority::issue(const certificate_wish& wish) const {
  require(!wish.hosts.empty(), "issue a certificate without a host");
  const owned<EVP_PKEY> key = make_key();
  const owned<X509> certificate = make_certificate(key.get(), wish.hosts.front(), wish.expired);
  X509* const issuer = wish.self_signed ? certificate.get() : certificate_;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  extend(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(certificate.get(), issuer, NID_key_usage, "critical,digitalSignature");
  extend(certificate.get(), issuer, NID_ext_key_usage, wish.for_client ? "clientAuth" : "serverAuth");
  extend(certificate.get(), issuer, NID_subject_alt_name, alternative_names(wish.hosts));
  extend(certificate.get(), issuer, NID_subject_key_identifier, "hash");
  extend(certificate.get(), issuer, NID_authority_key_identifier, "keyid");
  require(X509_sign(certificate.get(), wish.self_signed ? key.get() : key_, EVP_sha256()) != 0,
          "sign a certificate");
  return {certificate_pem(certificate.get()), key_pem(key.get())};
}

}  // namespace coupa_sim
