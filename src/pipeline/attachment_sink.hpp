#pragma once

#include "core/transfer.hpp"
#include "pipeline/download_pool.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/store.hpp>
#include <pofetch/transport.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace pofetch::pipeline {

/// Takes the answer to one try of one attachment: asks the transfer what to do with the head, then
/// writes the body into the partial file. One object serves all tries of an attachment.
class attachment_sink final : public body_sink {
 public:
  struct parts {
    const attachment_source& source;
    progress& events;
    unsigned worker;
    partial_file& body;
    core::transfer& state;
    /// Under which the body outlives this run; empty: not at all.
    std::string_view owner;
    const clock& time;
    /// What is held already, if the server is asked whether it has another version; else null.
    const held_file* held;
    /// Called when a body begins, and what its head says of its name is known.
    std::function<void()> begun;
  };

  /// Bodies below this are fetched again rather than remembered.
  static constexpr std::uint64_t worth_remembering = 1U << 20U;

  explicit attachment_sink(parts p) : parts_(std::move(p)) {}

  result<void> begin(const http_response& head) override;
  result<void> write(std::span<const std::byte> bytes) override;
  [[nodiscard]] bool full() const noexcept override { return parts_.body.full(); }
  [[nodiscard]] awaitable<result<void>> drain() override { return parts_.body.drain(); }

  /// Before the first try of a body that an earlier run left: what its answer said.
  void take_up(const body_note& note);

  /// Before every try. `conditional`: the request asks for what is not held.
  void next_try(bool conditional);

  /// The server refused in the last try. What it says for itself has been read; nothing came of it but that.
  [[nodiscard]] bool refused() const noexcept { return refused_; }
  [[nodiscard]] const std::string& said() const noexcept { return said_; }

  /// The server asked for a fresh, whole answer: ask again at once.
  [[nodiscard]] bool wants_refetch() const noexcept { return refetch_; }

  /// The answer says that what it stands for is held: the exchange ended without a body, whatever it
  /// returned.
  [[nodiscard]] bool unchanged() const noexcept { return unchanged_; }
  /// An answer to the condition was worth nothing: ask without one.
  [[nodiscard]] bool distrusts_condition() const noexcept { return distrusts_condition_; }
  /// Of the answer (see attachment_record); empty: none.
  [[nodiscard]] const std::string& validator() const noexcept { return validator_; }

  /// Content-Disposition of the answer, empty if it has none.
  [[nodiscard]] const std::string& disposition() const noexcept { return disposition_; }
  [[nodiscard]] const std::string& media_type() const noexcept { return media_type_; }
  /// Head of the last answer.
  [[nodiscard]] const http_response& head() const noexcept { return head_; }

 private:
  [[nodiscard]] bool is_held(const http_response& head) const;
  result<void> take_not_modified(const http_response& head);
  result<void> prepare_body(core::transfer_action action);
  void remember();

  parts parts_;
  http_response head_;
  std::string disposition_;
  std::string media_type_;
  std::string said_;
  bool refused_ = false;
  std::string validator_;
  bool refetch_ = false;
  bool conditional_ = false;
  bool unchanged_ = false;
  bool distrusts_condition_ = false;
  bool remembered_ = false;  ///< in this try
};

}  // namespace pofetch::pipeline
