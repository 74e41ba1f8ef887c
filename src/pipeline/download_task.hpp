#pragma once

#include "core/retry_policy.hpp"
#include "core/transfer.hpp"
#include "pipeline/attachment_sink.hpp"
#include "pipeline/download_pool.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::pipeline {

/// What all downloads of one worker use.
struct download_parts {
  transport& http;
  store& files;
  const attachment_source& source;
  clock& time;
  const pool_config& config;
  progress& events;
  boost::asio::any_io_executor storage_thread;
  unsigned worker;
};

/// A download as its watch knows it.
struct watched {
  download_watch* by = nullptr;
  std::size_t index = 0;
};

/// One attachment from its first try to a verified body: tries again what may pass, goes on where a body
/// broke off, in this run or an earlier one, checks size, digests and content. What broke off for good stays
/// for a later run if that can go on from it.
class download_task {
 public:
  /// `what` must outlive the task. `po`: its number; empty: bodies do not outlive the run. `second_url`:
  /// tried when the attachment's own address does not lead to the file; may be empty. `held`: null, or what
  /// is held of it; must outlive the task. `seen`: who goes along, if anybody does.
  download_task(const download_parts& parts, const attachment& what, std::string_view po,
                std::string second_url, const held_file* held, watched seen);

  /// Failures: every code of an attachment; session_expired ends the run. Cancellable.
  [[nodiscard]] awaitable<result<void>> run();

  /// After `run`: the record with the wanted name, and the body if it succeeded.
  [[nodiscard]] download take(const result<void>& outcome);

  /// After `run` succeeded: what is there is held already.
  [[nodiscard]] bool unchanged() const noexcept { return unchanged_; }

 private:
  awaitable<result<void>> try_address();
  void turn_to_second_address();
  awaitable<result<void>> attempt();
  awaitable<result<void>> open_body();
  awaitable<bool> recover(left_body& left);
  result<void> require_digests(partial_file& body, const std::vector<announced_digest>& announced);
  awaitable<result<void>> exchange();
  [[nodiscard]] failure refused_by_server() const;
  [[nodiscard]] failure behind_sign_in(failure why) const;
  void compare_with_held();
  result<void> verify();
  result<void> verify_digests();
  result<void> verify_content();
  [[nodiscard]] bool is_meant(std::string_view page);
  void remark_on(const std::string& what);
  [[nodiscard]] const std::string& wanted_name();
  void tell_name();

  const download_parts& parts_;
  const attachment& what_;
  /// The address that is tried: its own, or the second one.
  std::string_view url_;
  std::string second_url_;
  bool at_second_ = false;
  /// Name that the source said.
  std::string listed_;
  /// `wanted_name` of the last answer, once somebody has asked for it.
  std::optional<std::string> wanted_;
  std::string label_;
  std::string owner_;
  core::transfer state_;
  std::unique_ptr<partial_file> body_;
  std::unique_ptr<attachment_sink> sink_;
  /// The leading bytes contradict the name: told, not refused.
  std::optional<failure> remark_;
  /// What the transport passed over in the last answer.
  std::string passed_over_;
  std::int64_t tries_ = 0;
  /// Where a redirect of the last request led that may be for signing in.
  std::string led_to_;
  /// The store could not even begin a body.
  bool no_room_ = false;
  const held_file* held_;
  watched seen_;
  bool unchanged_ = false;
  std::string same_as_;
};

}  // namespace pofetch::pipeline
