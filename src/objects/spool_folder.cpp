#include "objects/spool_folder.hpp"

#include "core/encoding.hpp"
#include "objects/file_body.hpp"
#include "objects/sigv4.hpp"
#include "os/failure_of.hpp"
#include "storage/bodies/hasher.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace pofetch::objects {

namespace {

namespace fs = std::filesystem;

/// Others may write to the folder that it is in, so that what has the name must be looked at.
result<void> make_own_folder(const fs::path& path) {
  struct stat facts {};
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return os::failure_of(errno, fmt::format("The spool folder {} cannot be made", path.string()));
  if (::lstat(path.c_str(), &facts) != 0)
    return os::failure_of(errno, fmt::format("The spool folder {} cannot be looked at", path.string()));
  if (S_ISDIR(facts.st_mode) && facts.st_uid == ::geteuid()) return {};
  return make_failure(errc::permission,
                      fmt::format("the spool folder {} is not this user's own", path.string()));
}

}  // namespace

result<fs::path> make_spool_folder(const object_store_options& options, const output_address& where) {
  std::error_code problem;
  fs::path base = options.spool;
  if (base.empty()) {
    base = fs::temp_directory_path(problem);
    if (problem) base = "/tmp";
    base /= fmt::format("pofetch-spool-{}", ::geteuid());
    if (auto own = make_own_folder(base); !own) return own.error();
  } else {
    fs::create_directories(base, problem);
    if (problem)
      return os::failure_of(problem.value(),
                            fmt::format("The spool folder {} cannot be made", base.string()));
  }
  const fs::path state = fs::weakly_canonical(options.state, problem);
  const std::string whose = fmt::format("{}\n{}\n{}", state.string(), where.bucket, where.prefix);
  base /= sha256_hex(whose).substr(0, 16);
  if (auto own = make_own_folder(base); !own) return own.error();
  return base;
}

result<os::unique_fd> open_to_send(const fs::path& path, object_request& request) {
  os::unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat facts {};
  if (!file || ::fstat(file.get(), &facts) != 0)
    return os::failure_of(errno, fmt::format("{} cannot be opened", path.string()));
  request.file = file.get();
  request.file_size = static_cast<std::uint64_t>(facts.st_size);
  auto digest = storage::hasher::make(digest_algorithm::sha256);
  if (!digest) return digest.error();
  file_body body(request.file, request.file_size);
  for (std::uint64_t at = 0; at < request.file_size;) {
    const auto piece = body.next();
    if (!piece) return piece.error();
    at += piece->size();
    if (auto added = digest->update(std::as_bytes(std::span(*piece))); !added) return added.error();
  }
  request.file_sha256 = core::to_hex(digest->digest());
  return file;
}

}  // namespace pofetch::objects
