#pragma once

#include <pofetch/error.hpp>

#include <memory>
#include <mutex>
#include <string>

struct x509_store_st;

namespace pofetch::http {

/// The certificate authorities that are trusted: the system's, and those of an own file. Loaded once for all
/// lanes; the system's are only read when a chain leads to none of the own file. May be used on any thread.
class trust_store {
 public:
  trust_store();
  ~trust_store();

  trust_store(const trust_store&) = delete;
  trust_store& operator=(const trust_store&) = delete;

  /// Loads it, unless that was done already for this `ca_file` (PEM with further authorities, or empty). The
  /// handle is the store's own: whoever keeps it takes a reference. Failure config: the file cannot be used,
  /// or those of the system cannot be read.
  [[nodiscard]] result<x509_store_st*> load(const std::string& ca_file);

 private:
  struct free_store {
    void operator()(x509_store_st* store) const noexcept;
  };

  std::mutex mutex_;
  std::unique_ptr<x509_store_st, free_store> store_;
  std::string ca_file_;
};

}  // namespace pofetch::http
