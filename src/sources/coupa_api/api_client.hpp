#pragma once

#include "core/retry_policy.hpp"
#include "sources/coupa_api/api_answer.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/transport.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace pofetch::sources {

struct api_client_options {
  /// `https://<tenant>.coupahost.com`.
  std::string base_url;
  core::retry_options retry{};
  /// Of the jitter between tries.
  std::uint64_t seed = 0;
  /// A larger answer is refused (bytes, decoded).
  std::uint64_t max_answer = 16ULL << 20;
  /// The worker number that `progress` gets with every further try.
  unsigned worker = 0;
};

/// Asks the REST API for JSON, and tries again after transient failures. Belongs to one executor; any number
/// of its coroutines may ask at the same time.
class api_client {
 public:
  /// Elements of one page of a list: the most that Coupa gives.
  static constexpr std::size_t page_size = 50;
  /// Pages of one list of attachments.
  static constexpr std::size_t most_pages = 200;

  /// Everything given must outlive it.
  api_client(transport& http, clock& time, api_client_options options, progress& events);

  /// The JSON that came. Failures: see `judge_answer`, and those of the transport. Cancellable; `asked` must
  /// outlive the call.
  [[nodiscard]] awaitable<result<boost::json::value>> get(const api_query& asked);

  /// Every element of a paged list, page after page until an empty one. `visit` says whether the element is
  /// new; a page without a new one ends the list too. Failures also: unexpected_content (a full page came
  /// twice, so that there is no way to the rest), too_large (more than `most_pages`).
  using visitor = std::function<bool(const boost::json::value& element)>;
  [[nodiscard]] awaitable<result<void>> list(const api_query& asked, const visitor& visit);

  [[nodiscard]] const std::string& base_url() const noexcept { return options_.base_url; }

  /// The instance's clock at the newest answer that had it (Date).
  [[nodiscard]] const std::optional<std::chrono::system_clock::time_point>& server_time() const noexcept {
    return server_time_;
  }

 private:
  [[nodiscard]] awaitable<result<boost::json::value>> try_once(const api_query& asked);

  transport& http_;
  clock& time_;
  api_client_options options_;
  progress& events_;
  core::retry_policy retry_;
  std::optional<std::chrono::system_clock::time_point> server_time_;
};

}  // namespace pofetch::sources
