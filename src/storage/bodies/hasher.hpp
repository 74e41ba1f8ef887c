#pragma once

#include <pofetch/error.hpp>
#include <pofetch/store.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace pofetch::storage {

/// One digest, computed as the bytes come.
class hasher {
 public:
  /// Failure `unsupported`: this OpenSSL does not have the algorithm (MD5 in FIPS mode, say).
  [[nodiscard]] static result<hasher> make(digest_algorithm algorithm);

  [[nodiscard]] digest_algorithm algorithm() const noexcept { return algorithm_; }

  /// Adds bytes. Failure `internal`: OpenSSL refuses, which it has no reason to.
  [[nodiscard]] result<void> update(std::span<const std::byte> bytes);

  /// Forgets all bytes. Failure `internal`.
  [[nodiscard]] result<void> reset();

  /// Raw digest of the bytes so far; more may follow.
  [[nodiscard]] std::string digest() const;

 private:
  struct free_context {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  using context_ptr = std::unique_ptr<evp_md_ctx_st, free_context>;

  hasher(digest_algorithm algorithm, context_ptr context) noexcept;

  digest_algorithm algorithm_;
  context_ptr context_;
};

}  // namespace pofetch::storage
