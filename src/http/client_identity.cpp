#include "http/client_identity.hpp"

#include "core/setting_text.hpp"
#include "http/bio_ptr.hpp"
#include "os/failure_of.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace pofetch::http {

namespace {

/// A longer chain is no chain.
constexpr std::size_t most_certificates = 16;

result<bio_ptr> open_pem(std::string_view option, const std::string& file) {
  errno = 0;
  bio_ptr opened(BIO_new_file(file.c_str(), "rb"));
  if (opened) return opened;
  const int error = errno;
  ERR_clear_error();
  return make_failure(errc::config, fmt::format("{} {}: the file cannot be read: {}", core::spelled(option),
                                                file, os::words_of(error)));
}

/// What OpenSSL asks for a passphrase; whether it did tells a wrong one from a file without a key.
struct passphrase {
  const std::string& text;
  bool asked = false;

  static int give(char* to, int size, int, void* self) {
    auto* mine = static_cast<passphrase*>(self);
    mine->asked = true;
    if (mine->text.empty() || mine->text.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(to, mine->text.data(), mine->text.size());
    return static_cast<int>(mine->text.size());
  }
};

}  // namespace

client_identity::~client_identity() {
  for (X509* each : certificates_) X509_free(each);
  EVP_PKEY_free(key_);
}

result<std::unique_ptr<client_identity>> client_identity::load(const client_identity_files& from) {
  std::unique_ptr<client_identity> made(new client_identity());
  auto read = made->read_certificates(from.certificate);
  if (read) read = made->read_key(from);
  if (!read) return read.error();
  const bool belong = X509_check_private_key(made->certificates_.front(), made->key_) == 1;
  ERR_clear_error();
  if (!belong)
    return make_failure(
        errc::config, core::sentence("@client_cert {}: the private key in {} belongs to another certificate",
                                     from.certificate, from.key.empty() ? "it" : from.key));
  return made;
}

result<void> client_identity::read_certificates(const std::string& file) {
  auto bio = open_pem("@client_cert", file);
  if (!bio) return bio.error();
  while (certificates_.size() < most_certificates) {
    X509* next = PEM_read_bio_X509(bio->get(), nullptr, nullptr, nullptr);
    if (next == nullptr) break;
    certificates_.push_back(next);
  }
  ERR_clear_error();
  if (!certificates_.empty()) return {};
  return make_failure(errc::config,
                      core::sentence("@client_cert {}: there is no certificate in PEM in this file", file));
}

result<void> client_identity::read_key(const client_identity_files& from) {
  const std::string_view option = from.key.empty() ? "@client_cert" : "@client_key";
  const std::string& file = from.key.empty() ? from.certificate : from.key;
  auto bio = open_pem(option, file);
  if (!bio) return bio.error();
  passphrase words{from.password};
  key_ = PEM_read_bio_PrivateKey(bio->get(), nullptr, &passphrase::give, &words);
  ERR_clear_error();
  if (key_ != nullptr) return {};
  std::string why = "there is no private key in PEM in this file";
  if (from.key.empty())
    why = core::spelled("there is no private key in this file; name the one that has it with @client_key");
  if (words.asked && from.password.empty())
    why = "the private key is protected by a passphrase; give it in the variable POFETCH_CLIENT_KEY_PASSWORD";
  else if (words.asked)
    why = "the passphrase in POFETCH_CLIENT_KEY_PASSWORD does not open the private key";
  return make_failure(errc::config, fmt::format("{} {}: {}", core::spelled(option), file, why));
}

bool client_identity::use_on(ssl_st* connection) const {
  STACK_OF(X509)* chain = sk_X509_new_null();
  bool whole = chain != nullptr;
  for (std::size_t i = 1; whole && i < certificates_.size(); ++i)
    whole = sk_X509_push(chain, certificates_[i]) > 0;
  // It counts its own references; the stack alone is ours.
  whole = whole && SSL_use_cert_and_key(connection, certificates_.front(), key_, chain, 1) == 1;
  sk_X509_free(chain);
  return whole;
}

}  // namespace pofetch::http
