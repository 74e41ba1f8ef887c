#include "objects/address.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "objects/sigv4.hpp"

#include <algorithm>
#include <cstddef>

namespace pofetch::objects {

namespace {

constexpr std::string_view scheme = "s3://";

/// What every store takes for the name of a bucket, old ones with capitals and underscores included.
bool is_bucket_name(std::string_view name) {
  const auto usable = [](char c) { return core::is_alnum(c) || c == '-' || c == '.' || c == '_'; };
  return name.size() >= 2 && name.size() <= 255 && core::is_alnum(name.front()) &&
         std::all_of(name.begin(), name.end(), usable);
}

/// Can it stand in front of a host name? A dot would not go with the certificate.
bool is_host_label(std::string_view name) {
  const auto usable = [](char c) { return core::is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
  return name.size() <= 63 && std::all_of(name.begin(), name.end(), usable);
}

bool has_dot_part(std::string_view prefix) {
  const std::string framed = "/" + std::string(prefix) + "/";
  return framed.find("/./") != std::string::npos || framed.find("/../") != std::string::npos;
}

bool is_aws(std::string_view host) {
  return host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
}

}  // namespace

std::string output_address::key_of(std::string_view path) const {
  return prefix.empty() ? std::string(path) : prefix + '/' + std::string(path);
}

result<output_address> parse_output(const std::filesystem::path& out) {
  const std::string text = out.string();
  std::string_view rest = text;
  if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  output_address made{std::string(rest.substr(0, slash))};
  rest.remove_prefix(slash);
  while (rest.starts_with('/')) rest.remove_prefix(1);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  made.prefix = rest;
  if (!text.starts_with(scheme) || !is_bucket_name(made.bucket))
    return core::refused(
        core::sentence("@out: expected s3://BUCKET or s3://BUCKET/PREFIX, not '{}'.", core::mask_url(text)));
  if (has_dot_part(made.prefix) || std::any_of(made.prefix.begin(), made.prefix.end(), core::is_control))
    return core::refused(
        core::spelled("@out: the prefix of s3://BUCKET/PREFIX may not have '.', '..' or "
                      "control characters in it."));
  return made;
}

result<bucket_place> place_of(const std::string& bucket, const std::string& endpoint,
                              const std::string& region) {
  bucket_place made;
  made.region = region;
  const std::string base = !endpoint.empty() ? endpoint : "https://s3." + made.region + ".amazonaws.com";
  const auto where = core::origin_of(base);
  const bool bare = where && core::path_of(base) == "/" && base.find_first_of("?#@") == std::string::npos;
  if (!bare)
    return core::refused(
        core::sentence("@s3_endpoint: expected an address such as "
                       "https://storage.example.com:9000, without a path, not '{}'.",
                       core::mask_url(base)));
  core::origin host = *where;
  const bool in_host = is_aws(host.host) && is_host_label(bucket);
  if (in_host) host.host = bucket + '.' + host.host;
  made.endpoint = core::to_string(host);
  made.path = in_host ? "/" : '/' + encode_path(bucket) + '/';
  return made;
}

}  // namespace pofetch::objects
