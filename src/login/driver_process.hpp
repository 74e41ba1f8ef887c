#pragma once

#include "os/child_process.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace pofetch::login {

/// A driver program under way, on a free port of this machine, with a folder of its own (mode 0700) for the
/// browser's profile and everything temporary. Its end is the end of the driver, of every process that works
/// in that folder, and of the folder.
class driver_process {
 public:
  /// Failures: config (it cannot be started), disk.
  [[nodiscard]] static result<std::unique_ptr<driver_process>> start(const std::filesystem::path& program);
  /// Blocks until all of them are gone, some seconds at most.
  ~driver_process();

  driver_process(const driver_process&) = delete;
  driver_process& operator=(const driver_process&) = delete;

  /// `http://127.0.0.1:<port>`
  [[nodiscard]] std::string address() const;
  /// For the browser.
  [[nodiscard]] std::filesystem::path profile() const { return folder_ / "profile"; }
  /// Has the driver ended by itself?
  [[nodiscard]] bool ended() { return child_.ended(); }

 private:
  driver_process() = default;
  void end_driver();
  void end_browsers() const;

  std::filesystem::path folder_;
  os::child_process child_;
  std::uint16_t port_ = 0;
};

}  // namespace pofetch::login
