#pragma once

#include <openssl/bio.h>

#include <memory>

namespace pofetch::http {

struct bio_deleter {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using bio_ptr = std::unique_ptr<BIO, bio_deleter>;

}  // namespace pofetch::http
