#include "storage/bodies/hasher.hpp"

#include <openssl/evp.h>

#include <array>
#include <utility>

namespace pofetch::storage {
namespace {

struct free_algorithm {
  void operator()(EVP_MD* algorithm) const noexcept { EVP_MD_free(algorithm); }
};
using algorithm_ptr = std::unique_ptr<EVP_MD, free_algorithm>;

algorithm_ptr fetch(const char* name) { return algorithm_ptr(EVP_MD_fetch(nullptr, name, nullptr)); }

/// Looked up once: OpenSSL 3 searches its providers at every lookup, which costs more than the digest
/// of a small file.
const EVP_MD* algorithm_of(digest_algorithm algorithm) {
  static const algorithm_ptr md5 = fetch("MD5");
  static const algorithm_ptr sha1 = fetch("SHA1");
  static const algorithm_ptr sha256 = fetch("SHA256");
  static const algorithm_ptr sha512 = fetch("SHA512");
  switch (algorithm) {
    case digest_algorithm::md5:
      return md5.get();
    case digest_algorithm::sha1:
      return sha1.get();
    case digest_algorithm::sha256:
      return sha256.get();
    case digest_algorithm::sha512:
      return sha512.get();
  }
  return nullptr;
}

failure broken() { return make_failure(errc::internal, "OpenSSL cannot compute a digest."); }

}  // namespace

void hasher::free_context::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

hasher::hasher(digest_algorithm algorithm, context_ptr context) noexcept
    : algorithm_(algorithm), context_(std::move(context)) {}

result<hasher> hasher::make(digest_algorithm algorithm) {
  const EVP_MD* type = algorithm_of(algorithm);
  context_ptr context(EVP_MD_CTX_new());
  if (type == nullptr || !context || EVP_DigestInit_ex2(context.get(), type, nullptr) != 1) {
    return make_failure(errc::unsupported,
                        "A digest that the server or list announces cannot be checked: this system's OpenSSL "
                        "does not offer its algorithm.");
  }
  return hasher(algorithm, std::move(context));
}

result<void> hasher::update(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) return broken();
  return {};
}

result<void> hasher::reset() {
  if (EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) != 1) return broken();
  return {};
}

std::string hasher::digest() const {
  // Finishing ends a context, so a copy is finished.
  const context_ptr copy(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned length = 0;
  if (!copy || EVP_MD_CTX_copy_ex(copy.get(), context_.get()) != 1 ||
      EVP_DigestFinal_ex(copy.get(), raw.data(), &length) != 1) {
    return {};
  }
  return {reinterpret_cast<const char*>(raw.data()), length};
}

}  // namespace pofetch::storage
