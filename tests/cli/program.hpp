#pragma once

#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::test {

using words = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

[[nodiscard]] inline words with(words line, const words& more) {
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

/// How a run of the program ended.
struct ended {
  int status = -1;
  std::string out;
  std::string err;
};

/// pofetch in a folder of its own, with HOME there, so that no configuration of the machine is seen.
class program {
 public:
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }
  void write(std::string_view name, std::string_view bytes) const { write_file(folder_ / name, bytes); }

  [[nodiscard]] process_setup setup(words arguments, variables environment = {}) const;

  /// Runs it to its end. Fails the test if it hangs, is killed by a signal, or its output looks like that of
  /// a crash.
  [[nodiscard]] ended run(words arguments, variables environment = {}, std::string input = {}) const;

 private:
  temp_dir folder_;
};

/// Fails the test if the process does not end, or ends like a crash.
[[nodiscard]] ended ended_well(process& running);

/// coupa-sim for the time of a test: its folder holds ca.pem, cookies.txt and orders.csv.
class coupa {
 public:
  explicit coupa(words options = {});

  [[nodiscard]] const std::string& base_url() const { return base_url_; }
  [[nodiscard]] std::string file(std::string_view name) const { return (folder_ / name).string(); }

  /// Options that make pofetch trust it and sign in.
  [[nodiscard]] words access() const;
  /// `run orders.csv --out OUT` with access, and these options behind.
  [[nodiscard]] words run_line(const std::string& out, const words& more = {}) const;

 private:
  temp_dir folder_;
  std::unique_ptr<process> running_;
  std::string base_url_;
};

}  // namespace pofetch::test
