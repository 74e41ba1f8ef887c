#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pofetch {

enum class digest_algorithm { md5, sha1, sha256, sha512 };

/// A digest that the server or the source says the body has.
struct announced_digest {
  digest_algorithm algorithm = digest_algorithm::sha256;
  /// Raw bytes, of the algorithm's length.
  std::string bytes;
  /// Where it stood, for messages: `Repr-Digest`, `Content-MD5`, `sha256`, ...
  std::string origin;
};

/// What a later run must know of a body to go on with it. Every text comes from outside and is hostile.
struct body_note {
  /// Strong entity-tag of the version that the bytes are of.
  std::string etag;
  /// Length of the whole body.
  std::uint64_t total = 0;
  /// Digests of the whole body that the server announced so far.
  std::vector<announced_digest> digests{};
  /// Content-Disposition and Content-Type: the answer with the rest may come without them.
  std::string disposition{};
  std::string media_type{};
};

}  // namespace pofetch
