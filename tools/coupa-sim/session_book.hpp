#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace coupa_sim {

/// Keeps the one sign-in of the site: its cookie slides, goes stale and ends. Any thread.
class session_book {
 public:
  /// A newer value is given out every `slide_every` answers (0: never); an old one is good until
  /// `slide_grace` newer ones exist. The session ends after `expire_after` requests (0: never).
  session_book(unsigned slide_every, unsigned slide_grace, std::uint64_t expire_after);

  /// Begins a new session; the old one is over. Returns its cookie value.
  std::string sign_in();

  /// Ends the session: no value is good until the next sign_in.
  void expire();

  /// The newest value, empty when signed out.
  [[nodiscard]] std::string current() const;

  struct verdict {
    bool alive = false;
    std::string newer;  ///< value for Set-Cookie, empty: none this time
  };

  /// Judges the cookie of one request and counts the request.
  verdict check(std::string_view value);

 private:
  [[nodiscard]] std::string value_of(std::uint64_t number) const;
  [[nodiscard]] bool is_good(std::string_view value) const;

  const unsigned slide_every_;
  const unsigned slide_grace_;
  const std::uint64_t expire_after_;
  const std::uint64_t secret_;
  mutable std::mutex mutex_;
  bool alive_ = false;
  std::uint64_t epoch_ = 0;
  std::uint64_t newest_ = 0;
  std::uint64_t requests_ = 0;
};

}  // namespace coupa_sim
