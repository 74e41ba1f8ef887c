#include "os/file_rights.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

namespace pofetch::os {

std::optional<std::string> warn_if_readable_by_others(std::string_view what,
                                                      const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || (facts.st_mode & (S_IRGRP | S_IROTH)) == 0) return std::nullopt;
  return fmt::format(
      "{} {} can be read by other users of this machine and is as good as a "
      "password; protect it with: chmod 600 {}",
      what, path.string(), path.string());
}

}  // namespace pofetch::os
