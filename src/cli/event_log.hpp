#pragma once

#include <pofetch/progress.hpp>

#include <filesystem>
#include <memory>
#include <string_view>

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

  void batch_started(const batch_totals& totals, const intake_counts& intake, unsigned workers) override;
  void po_started(unsigned worker, const purchase_order& po) override;
  void po_discovered(unsigned worker, std::size_t attachments) override;
  void attachment_finished(unsigned worker, const attachment_record& record) override;
  void retrying(unsigned worker, const failure& why, std::chrono::milliseconds delay) override;
  void po_finished(unsigned worker, const po_outcome& outcome) override;
  void notice(notice_level level, std::string_view text) override;
  void sign_in_needed(std::string_view advice) override;
  void signed_in(std::chrono::milliseconds waited) override;
  void throttled(const throttling& now) override;
  void batch_finished(const batch_totals& totals, const run_record& run) override;

 private:
  std::shared_ptr<spdlog::logger> out_;
};

}  // namespace pofetch::cli
