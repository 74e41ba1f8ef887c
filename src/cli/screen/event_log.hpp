#pragma once

#include <pofetch/progress.hpp>

#include <filesystem>
#include <memory>

namespace spdlog {
class logger;
}

namespace pofetch::cli {

/// Writes what happens, a line an event, to a file, to standard error, or to both. Every line passes the
/// masking of secrets and is free of control characters. Events may come from any thread.
class event_log final : public progress {
 public:
  /// `file` may be empty. `verbose`: 0 and 1 what happens, 2 everything. Failure `config`: the file cannot be
  /// written.
  [[nodiscard]] static result<std::unique_ptr<event_log>> open(const std::filesystem::path& file,
                                                               bool to_standard_error, unsigned verbose);
  explicit event_log(std::shared_ptr<spdlog::logger> out);
  ~event_log() override;

  event_log(const event_log&) = delete;
  event_log& operator=(const event_log&) = delete;

  void on(const progress_event& event) override;

 private:
  std::shared_ptr<spdlog::logger> out_;
};

}  // namespace pofetch::cli
