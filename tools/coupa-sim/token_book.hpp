#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace coupa_sim {

/// Keeps the site's one integration user: its client id and secret, its API key, and the access tokens
/// that were given out. Any thread.
class token_book {
 public:
  static constexpr std::string_view client_id = "coupa-sim";
  static constexpr std::string_view order_scope = "core.purchase_order.read";
  static constexpr std::string_view requisition_scope = "core.requisition.read";

  /// A token ends `lifetime` after it was given out, and after `requests` requests (0: never for that).
  token_book(std::chrono::seconds lifetime, std::uint64_t requests);

  [[nodiscard]] const std::string& client_secret() const noexcept { return secret_; }
  [[nodiscard]] const std::string& api_key() const noexcept { return api_key_; }
  [[nodiscard]] std::chrono::seconds lifetime() const noexcept { return lifetime_; }

  /// Are all of these scopes (separated by spaces, at least one) there to be had?
  [[nodiscard]] static bool knows_scopes(std::string_view scopes);

  /// A new token with these scopes. Others stay good.
  [[nodiscard]] std::string issue(std::string_view scopes);

  /// Ends every token.
  void expire();

  struct verdict {
    bool alive = false;
    std::string scopes;
  };

  /// Judges the token of one request, and counts the request.
  [[nodiscard]] verdict check(std::string_view token);

 private:
  struct entry {
    std::string scopes;
    std::chrono::steady_clock::time_point ends;
    std::uint64_t requests = 0;
  };

  const std::chrono::seconds lifetime_;
  const std::uint64_t requests_;
  const std::string secret_;
  const std::string api_key_;
  std::mutex mutex_;
  std::map<std::string, entry, std::less<>> tokens_;
};

/// Is this scope one of those in the text?
[[nodiscard]] bool has_scope(std::string_view scopes, std::string_view wanted);

}  // namespace coupa_sim
