#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch {

/// Where a batch's files go if its `out` is `s3://BUCKET/PREFIX`: one object a file, made only if it is not
/// there, and never changed after that. Plain data; `allow_http`, the authorities, hosts and the proxy that
/// count for the instance count for the store as well.
struct object_store_options {
  /// `https://HOST[:PORT]` of a store that speaks S3; empty: AWS.
  std::string endpoint{};
  /// Empty: what the environment or the profile says, else `us-east-1`.
  std::string region{};
  /// Local folder for bodies under way; empty: one below the system's temporary folder.
  std::filesystem::path spool{};
  /// Local folder for the ledger. Needed.
  std::filesystem::path state{};
  /// Environment variables that credentials come from (`AWS_ACCESS_KEY_ID`, `AWS_PROFILE`, ...; `HOME` for
  /// the profile's file). Empty: there are none, and nothing but the machine itself is asked. Any thread.
  std::function<std::optional<std::string>(std::string_view name)> variable{};
};

/// Is it the address of an object store, and no folder?
[[nodiscard]] inline bool is_object_address(const std::filesystem::path& out) {
  return out.native().starts_with("s3://");
}

}  // namespace pofetch
