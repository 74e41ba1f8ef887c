#include "http/cookie_file.hpp"

#include "core/unicode.hpp"
#include "http/set_cookie.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace pofetch::http {

namespace {

/// Closes on destruction.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  /// 0, or -1 with errno.
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

constexpr std::size_t most_hosts_named = 5;

std::string words_of(int error) { return std::generic_category().message(error); }

errc code_of(int error) {
  if (error == ENOSPC || error == EDQUOT) return errc::disk_full;
  if (error == EACCES || error == EPERM || error == EROFS) return errc::permission;
  return errc::disk;
}

failure cannot_write(const std::filesystem::path& path, int error) {
  return make_failure(code_of(error), fmt::format("the renewed cookies could not be saved to {}: {}",
                                                  path.string(), words_of(error)));
}

/// Editors and shells of Windows save text as UTF-16, with a mark.
std::string as_utf8(std::string text) {
  const bool little = text.starts_with("\xFF\xFE");
  if (!little && !text.starts_with("\xFE\xFF")) return text;
  return core::utf16_to_utf8(std::string_view(text).substr(2), little);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// A symbolic link stays one: what it points to is replaced. Not one that another user made: that is
/// replaced itself.
std::filesystem::path real_target(const std::filesystem::path& path) {
  struct stat link {};
  const bool is_link = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
  if (is_link && link.st_uid != ::geteuid() && link.st_uid != 0) return path;
  std::error_code ignored;
  auto target = std::filesystem::canonical(path, ignored);
  return ignored ? path : target;
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
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    return make_failure(errc::config,
                        fmt::format("cookie file {} cannot be read: {}", path.string(), words_of(errno)));
  cookie_file made;
  std::string& text = made.text;
  char piece[16 << 10];
  for (;;) {
    const ssize_t count = ::read(file.get(), piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return make_failure(errc::config,
                          fmt::format("cookie file {} cannot be read: {}", path.string(), words_of(errno)));
    if (count == 0) break;
    text.append(piece, static_cast<std::size_t>(count));
    if (text.size() > max_cookie_file_bytes)
      return make_failure(errc::config, fmt::format("cookie file {} is larger than {} MiB, which no list of "
                                                    "cookies is",
                                                    path.string(), max_cookie_file_bytes >> 20));
  }
  text = as_utf8(std::move(text));
  auto read = parse_cookie_text(text, path.string(), instance);
  if (!read) return read.error();
  made.read = std::move(*read);
  return made;
}

result<void> write_cookie_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path target = real_target(path);
  const std::filesystem::path fresh = fmt::format("{}.{}.new", target.string(), ::getpid());
  ::unlink(fresh.c_str());
  descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) return cannot_write(path, errno);
  const bool whole = write_all(file.get(), text) && ::fsync(file.get()) == 0 && file.close() == 0 &&
                     ::rename(fresh.c_str(), target.c_str()) == 0;
  if (!whole) {
    const int error = errno;
    ::unlink(fresh.c_str());
    return cannot_write(path, error);
  }
  return {};
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

std::optional<std::string> warn_if_readable_by_others(std::string_view what,
                                                      const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || (facts.st_mode & (S_IRGRP | S_IROTH)) == 0) return std::nullopt;
  return fmt::format(
      "{} {} can be read by other users of this machine and is as good as a "
      "password; protect it with: chmod 600 {}",
      what, path.string(), path.string());
}

}  // namespace pofetch::http
