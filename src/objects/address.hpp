#pragma once

#include <pofetch/error.hpp>
#include <pofetch/object_store.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace pofetch::objects {

/// `s3://BUCKET/PREFIX`, taken apart.
struct output_address {
  std::string bucket;
  /// Literal; without `/` at its ends; may be empty.
  std::string prefix{};

  /// The key of what has that path in the output.
  [[nodiscard]] std::string key_of(std::string_view path) const;
};

/// Failure config: it is no such address. A prefix may not have `.` or `..` among its parts, which everything
/// on the way would resolve.
[[nodiscard]] result<output_address> parse_output(const std::filesystem::path& out);

/// Where a bucket is.
struct bucket_place {
  /// Scheme, host and port, without `/` at the end.
  std::string endpoint;
  /// What stands before a key: `/bucket/` or `/`, encoded.
  std::string path;
  std::string region;
};

/// Endpoints of AWS get the bucket in the host name, where its name allows that, all others in the path.
/// Without an endpoint: that of AWS for the region. Failure config: the endpoint cannot be used.
[[nodiscard]] result<bucket_place> place_of(const std::string& bucket, const std::string& endpoint,
                                            const std::string& region);

}  // namespace pofetch::objects
