#pragma once

#include "objects/store_client.hpp"

#include <pofetch/store.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::objects {

/// A body on its way to its key.
struct outgoing {
  std::string key;
  /// Name of the file, for whoever downloads the object.
  std::string name;
  /// Empty: not known.
  std::string po{};
  std::string media_type{};
  int file = -1;
  std::uint64_t size = 0;
  /// In hexadecimal.
  std::string sha256;
  placement how = placement::fresh;
};

/// What becomes of one body. The failure `exists` is a matter of that name, `digest_mismatch` and
/// `unsupported` of that file; all others are of the store, and end the run.
[[nodiscard]] awaitable<result<file_facts>> put_object(store_client& to, const outgoing& what,
                                                       bool conditions);

/// Does the failure of one object say something of the store?
[[nodiscard]] bool is_of_store(const failure& why) noexcept;

/// Facts as the answer to HEAD, GET or PUT has them. An object has no time of change that a PUT would tell:
/// what stands for it is a number made of its entity-tag.
[[nodiscard]] file_facts facts_of(const object_answer& answer, std::uint64_t size);
/// `size` as the answer to HEAD says it.
[[nodiscard]] file_facts facts_of(const object_answer& answer);

/// What an answer that is no success means: config where credentials or the bucket are at fault, else disk.
[[nodiscard]] failure refusal(const store_client& from, const object_answer& answer, std::string_view doing);

/// What ended a request without an answer, as a failure of the store.
[[nodiscard]] failure unreachable(const store_client& from, failure why);

/// `attachment; filename="..."`, in ASCII (RFC 6266, RFC 8187).
[[nodiscard]] std::string disposition_of(std::string_view name);

}  // namespace pofetch::objects
