#include "http/cookie_file.hpp"

#include "core/unicode.hpp"
#include "http/set_cookie.hpp"
#include "os/failure_of.hpp"
#include "os/read_write.hpp"
#include "os/replace_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fcntl.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::http {

namespace {

constexpr std::size_t most_hosts_named = 5;

/// Editors and shells of Windows save text as UTF-16, with a mark.
std::string as_utf8(std::string text) {
  const bool little = text.starts_with("\xFF\xFE");
  if (!little && !text.starts_with("\xFE\xFF")) return text;
  return core::utf16_to_utf8(std::string_view(text).substr(2), little);
}

}  // namespace

std::optional<file_version> version_of(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  constexpr std::int64_t second = 1'000'000'000;
  return file_version{facts.st_dev, facts.st_ino, static_cast<std::uint64_t>(facts.st_size),
                      facts.st_mtim.tv_sec * second + facts.st_mtim.tv_nsec};
}

result<cookie_file> read_cookie_file(const std::filesystem::path& path, const core::origin* instance) {
  os::bytes_read file = os::read_file(path, max_cookie_file_bytes + 1);
  if (file.error != 0)
    return make_failure(errc::config, fmt::format("cookie file {} cannot be read: {}", path.string(),
                                                  os::words_of(file.error)));
  if (file.bytes.size() > max_cookie_file_bytes)
    return make_failure(errc::config,
                        fmt::format("cookie file {} is larger than {} MiB, which no list of cookies is",
                                    path.string(), max_cookie_file_bytes >> 20));
  file.bytes = as_utf8(std::move(file.bytes));
  auto read = parse_cookie_text(file.bytes, path.string(), instance);
  if (!read) return read.error();
  cookie_file made;
  made.text = std::move(file.bytes);
  made.read = std::move(*read);
  return made;
}

result<void> write_cookie_file(const std::filesystem::path& path, std::string_view text) {
  const std::string target = os::followed(path).string();
  const int error = os::replace_file(
      AT_FDCWD, {.name = target, .fresh = fmt::format("{}.{}.new", target, ::getpid()), .mode = 0600}, text);
  if (error == 0) return {};
  return make_failure(os::code_of(error), fmt::format("the renewed cookies could not be saved to {}: {}",
                                                      path.string(), os::words_of(error)));
}

std::optional<std::string> warn_if_useless(const std::filesystem::path& path, std::span<const cookie> cookies,
                                           const core::origin& instance,
                                           std::chrono::system_clock::time_point now) {
  std::set<std::string> others;
  std::optional<std::chrono::system_clock::time_point> ended;
  for (const cookie& each : cookies) {
    const bool fits =
        each.host_only ? each.domain == instance.host : domain_matches(instance.host, each.domain);
    if (!fits) {
      if (others.size() < most_hosts_named) others.insert(each.domain);
    } else if (!each.expires || *each.expires > now) {
      return std::nullopt;
    } else {
      ended = std::max(ended.value_or(*each.expires), *each.expires);
    }
  }
  const auto days = [&] { return std::chrono::floor<std::chrono::days>(now - *ended).count(); };
  if (ended)
    return fmt::format(
        "all cookies for {} in {} have expired, the last one {}; sign in again and save them anew",
        instance.host, path.string(), days() > 0 ? fmt::format("{} days ago", days()) : "today");
  return fmt::format("there is no cookie for {} in {}, only for {}; save those of {}", instance.host,
                     path.string(), fmt::join(others, ", "), instance.host);
}

}  // namespace pofetch::http
