#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace pofetch::test {

/// Installs what `folder/package-lock.json` names, unless it is there from an earlier run. Why not; empty: it
/// is there. A registry that is out of reach, or slow, fails no test: whoever asks says SKIPPED, with this.
inline std::string install_packages(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code none;
  const auto known = fs::last_write_time(folder / "node_modules/.package-lock.json", none);
  if (!none && known > fs::last_write_time(folder / "package-lock.json")) return {};
  const bool there = std::system("command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1") == 0;
  CHECK_MESSAGE((there || std::getenv("CI") == nullptr), "no node where everything has to be tested");
  if (!there) return "node or npm is not installed (tools/setup does)";
  const std::string install = "cd '" + folder.string() +
                              "' && timeout 150 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1";
  if (std::system(install.c_str()) == 0) return {};
  fs::remove_all(folder / "node_modules", none);
  return "the packages cannot be had, see " + (folder / "npm.log").string();
}

}  // namespace pofetch::test
