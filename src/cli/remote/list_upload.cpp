#include "cli/remote/list_upload.hpp"

#include "core/ascii.hpp"
#include "os/read_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace pofetch::cli {

namespace {

constexpr std::size_t piece_bytes = 64U << 10;

failure unreadable(const std::string& name, int error) {
  return make_failure(errc::input, fmt::format("the list '{}' cannot be read: {}.", name,
                                               std::generic_category().message(error)));
}

/// A file that nobody else sees, and that is gone with its descriptor.
os::unique_fd nameless_file() {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(ignored);
  std::string name = (folder / "pofetch-list-XXXXXX").string();
  os::unique_fd made(::mkostemp(name.data(), O_CLOEXEC));
  if (made) ::unlink(name.c_str());
  return made;
}

/// What can be read but once goes into a file first.
result<os::unique_fd> kept(int from, const std::string& name) {
  os::unique_fd made = nameless_file();
  if (!made)
    return make_failure(errc::disk, "there is no room for the list in the folder for temporary files.");
  std::string bytes(piece_bytes, '\0');
  for (;;) {
    const ssize_t count = ::read(from, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(name, errno);
    if (count == 0) return made;
    const std::string_view got(bytes.data(), static_cast<std::size_t>(count));
    if (const int error = os::write_all(made.get(), got); error != 0)
      return make_failure(errc::disk, fmt::format("the list cannot be kept for sending: {}.",
                                                  std::generic_category().message(error)));
  }
}

std::string type_of_list(std::string_view beginning, const std::string& name) {
  if (beginning.starts_with("PK\x03\x04"))
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  if (beginning.starts_with("\xef\xbb\xbf")) beginning.remove_prefix(3);
  if (core::trim(beginning).starts_with('{')) return "application/x-ndjson";
  const std::string ending = core::to_lower(std::filesystem::path(name).extension().string());
  if (ending == ".tsv") return "text/tab-separated-values";
  return ending == ".txt" ? "text/plain" : "text/csv";
}

}  // namespace

result<std::unique_ptr<list_upload>> list_upload::open(const std::string& input) {
  const bool standard = input == "-";
  const std::string name = standard ? "standard input" : input;
  os::unique_fd opened(standard ? ::dup(STDIN_FILENO) : ::open(input.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened) return unreadable(name, errno);
  struct stat found {};
  if (::fstat(opened.get(), &found) != 0) return unreadable(name, errno);
  if (S_ISDIR(found.st_mode)) return unreadable(name, EISDIR);
  if (standard || !S_ISREG(found.st_mode)) {
    auto file = kept(opened.get(), name);
    if (!file) return file.error();
    opened = std::move(*file);
  }
  std::unique_ptr<list_upload> made(new list_upload(std::move(opened), name));
  const result<void> measured = made->measure();
  if (!measured) return measured.error();
  return made;
}

result<void> list_upload::measure() {
  struct stat found {};
  if (::fstat(file_.get(), &found) != 0) return unreadable(name_, errno);
  size_ = static_cast<std::uint64_t>(found.st_size);
  if (size_ == 0) return make_failure(errc::input, fmt::format("the list '{}' is empty.", name_));
  const os::bytes_read beginning = os::read_at(file_.get(), 0, 1024);
  if (beginning.error != 0) return unreadable(name_, beginning.error);
  type_ = type_of_list(beginning.bytes, name_);
  return {};
}

result<std::string_view> list_upload::next() {
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, size_ - sent_));
  if (count == 0) return std::string_view();
  os::bytes_read got = os::read_at(file_.get(), sent_, count);
  if (got.error != 0) return unreadable(name_, got.error);
  if (got.bytes.empty())
    return make_failure(errc::input,
                        fmt::format("the list '{}' has become shorter while it was sent.", name_));
  piece_ = std::move(got.bytes);
  sent_ += piece_.size();
  return std::string_view(piece_);
}

}  // namespace pofetch::cli
