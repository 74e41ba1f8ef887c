#pragma once

#include "core/url.hpp"
#include "http/cookie.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// More cookies set by servers than this push out the one of them that was renewed longest ago. What `put`
/// brought in is not counted: a browser's export may hold the cookies of the whole web.
inline constexpr std::size_t max_cookies = 300;

/// The cookies of a run (RFC 6265): one value for each name, domain and path, the newest. Shared by all
/// lanes: every member may be called on any thread, and a value stored on one counts at once on all.
class cookie_jar {
 public:
  using time_point = std::chrono::system_clock::time_point;

  /// Puts a cookie in as it is (from a file). Replaces the one with the same identity.
  void put(cookie made);

  /// Which Set-Cookie fields count.
  enum class accept {
    all,      ///< every valid one
    renewals  ///< only new values for cookies that are in the jar already
  };

  /// Obeys one Set-Cookie field of an answer from `from` to `path`. A new cookie is for that host alone.
  /// `asked`: the number of the request, in the order of sending over all lanes; an answer that comes late
  /// does not replace the value that a later request has brought. 0: not known. False: it is none that this
  /// jar keeps.
  bool store(std::string_view set_cookie, const core::origin& from, std::string_view path, accept which,
             time_point now, std::uint64_t asked = 0);

  /// Puts the cookies of a new sign-in in. What comes back for requests that were made before belongs to the
  /// old one and must not replace them: see `era`.
  void sign_in(std::vector<cookie> fresh);

  /// Counts the sign-ins. Whoever sends cookies notes it, and does not store the answer's if it has changed.
  [[nodiscard]] std::uint64_t era() const noexcept { return era_.load(std::memory_order_acquire); }

  /// The number of a request that is about to be sent: see `store`.
  [[nodiscard]] std::uint64_t number_request() noexcept {
    return 1 + requests_.fetch_add(1, std::memory_order_relaxed);
  }

  /// Appends `a=b; c=d` for a request, longer paths first (RFC 6265 5.4); nothing if no cookie applies.
  void append_header(std::string& out, const core::origin& to, std::string_view path, time_point now) const;

  /// The same as text.
  [[nodiscard]] std::string header_for(const core::origin& to, std::string_view path,
                                       time_point now = std::chrono::system_clock::now()) const;

  /// Grows whenever what `all` returns has changed; for knowing when to save.
  [[nodiscard]] std::uint64_t changed() const noexcept { return version_.load(std::memory_order_acquire); }

  /// Every cookie.
  [[nodiscard]] std::vector<cookie> all() const;

 private:
  struct entry {
    cookie what;
    std::uint64_t renewed = 0;
    bool from_server = false;
    std::uint64_t asked = 0;  ///< by the request with that number; 0: not by one
  };

  void put_locked(cookie made, bool from_server, std::uint64_t asked);
  void make_room_locked(time_point now);
  void structure_changed_locked();
  [[nodiscard]] const std::vector<std::size_t>& candidates_locked(const std::string& host) const;
  void bump() noexcept { version_.fetch_add(1, std::memory_order_release); }

  mutable std::mutex mutex_;
  std::vector<entry> entries_;  // longer paths first, then older first
  /// Places in `entries_` whose domain fits a host, for hosts that were asked for.
  mutable std::map<std::string, std::vector<std::size_t>, std::less<>> by_host_;
  std::uint64_t ticks_ = 0;
  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::uint64_t> era_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::size_t> count_{0};
};

}  // namespace pofetch::http
