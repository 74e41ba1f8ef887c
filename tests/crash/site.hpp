#pragma once

#include "coupa-sim/simulator.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::test {

/// Under a sanitizer everything takes several times as long: tests do less there.
inline constexpr bool sanitized = POFETCH_SANITIZED != 0;

/// By how much a walk over calls widens its steps: 1 (every call that a row names) with POFETCH_EXHAUSTIVE in
/// the environment, which takes minutes; else `optimised`, or `under_sanitizer`.
[[nodiscard]] std::uint64_t widened(std::uint64_t optimised, std::uint64_t under_sanitizer);

/// Path beneath the output folder to content.
using files = std::map<std::string, std::string>;

/// How a run of the program ended.
struct outcome {
  int status = -1;
  int signal = 0;
  std::string err;

  [[nodiscard]] bool says(std::string_view text) const { return err.find(text) != std::string::npos; }
};

/// A site, and the command that fetches all of it.
class site {
 public:
  explicit site(coupa_sim::options wanted);

  [[nodiscard]] std::filesystem::path out() const { return dir.path() / "out"; }
  [[nodiscard]] process_setup command(const std::filesystem::path& to,
                                      const std::vector<std::string>& more = {}) const;
  /// The command, run to its end. Fails the test if it hangs or ends like a crash.
  [[nodiscard]] outcome run(const std::filesystem::path& to, const std::vector<std::string>& more = {}) const;

  /// What an undisturbed run leaves.
  [[nodiscard]] files everything() const;
  /// Paths (on the server) of the files that the ledger in this folder calls completed.
  [[nodiscard]] std::set<std::string> completed(const std::filesystem::path& in) const;

  temp_dir dir;
  coupa_sim::simulator sim;
};

/// Runs it to its end. Fails the test if it hangs or ends like a crash.
[[nodiscard]] outcome ended(const process_setup& setup);

/// All files under their final names, but for the status that a folder's name may end in: `7_COMPLETED/a.pdf`
/// stands here as `7/a.pdf`.
[[nodiscard]] files tree(const std::filesystem::path& out);
/// What differs, for a message; empty if nothing does.
[[nodiscard]] std::string difference(const files& is, const files& should_be);

/// Is nothing there that is not whole, and does the ledger claim nothing that is not there? (Not every file
/// need be there.) Empty, or what is wrong.
[[nodiscard]] std::string broken_promise(const std::filesystem::path& out, const files& everything);

/// The lines of the one that the other does not have, for a message; empty if the texts are the same.
[[nodiscard]] std::string line_difference(const std::string& is, const std::string& should_be);

/// The report without the columns that tell when.
[[nodiscard]] std::string timeless(const std::filesystem::path& report);

/// Lines of a file; none if there is no such file.
std::uint64_t lines_in(const std::filesystem::path& file);

}  // namespace pofetch::test
