#include "lists/text/byte_source.hpp"

#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::lists {
namespace {

std::string reason(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "there is no such file; check the name and the folder you are in";
    case EACCES:
    case EPERM:
      return "this user may not read it; change its permissions or run as its owner";
    case EISDIR:
      return "it is a folder; give the file with the list of purchase orders";
    default:
      return std::string("the system says: ") + os::words_of(error);
  }
}

failure cannot_read(const std::string& name, int error) {
  return make_failure(errc::input, "Cannot read " + name + ": " + reason(error) + ".");
}

/// A file descriptor that is read to its end; closed afterwards unless it is standard input.
class descriptor_source final : public byte_source {
 public:
  descriptor_source(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  ~descriptor_source() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }
  descriptor_source(const descriptor_source&) = delete;
  descriptor_source& operator=(const descriptor_source&) = delete;

  result<std::size_t> read(std::span<char> buffer) override {
    while (true) {
      const ssize_t got = os::uninterrupted([&] { return ::read(fd_, buffer.data(), buffer.size()); });
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EAGAIN) return cannot_read(name_, errno);
      // Standard input may have been made non-blocking by another process that shares it.
      pollfd wait{fd_, POLLIN, 0};
      ::poll(&wait, 1, -1);
    }
  }

 private:
  int fd_;
  std::string name_;
};

}  // namespace

std::string display_name(const std::string& input) {
  return input == "-" ? std::string("standard input") : "'" + input + "'";
}

result<std::unique_ptr<byte_source>> open_byte_source(const std::string& input) {
  const std::string name = display_name(input);
  if (input.empty())
    return make_failure(errc::input,
                        "No input was given: name the file with the list of purchase orders, or -.");
  if (input == "-") return std::unique_ptr<byte_source>(new descriptor_source(STDIN_FILENO, name));
  const int fd = ::open(input.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return cannot_read(name, errno);
  auto source = std::make_unique<descriptor_source>(fd, name);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return cannot_read(name, errno);
  if (S_ISDIR(facts.st_mode)) return cannot_read(name, EISDIR);
  return std::unique_ptr<byte_source>(std::move(source));
}

}  // namespace pofetch::lists
