#pragma once

#include "coupa-sim/dataset.hpp"
#include "coupa-sim/options.hpp"
#include "coupa-sim/stats.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace coupa_sim {

/// A small simulator of Coupa within the process: certificates, session, pages, files and statistics. It
/// runs on threads of its own; every member may be called from any thread but `start` and `stop`.
class simulator {
 public:
  /// Makes the certificates and binds to the port; with `dir` set writes ca.pem, cookies.txt,
  /// client-secret, api-key and orders.csv there. Throws std::invalid_argument for options that make no
  /// sense, and std::runtime_error if the port or the folder cannot be had.
  explicit simulator(options wanted);

  /// Stops first.
  ~simulator();

  simulator(const simulator&) = delete;
  simulator& operator=(const simulator&) = delete;

  void start();
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// `https://localhost:<port>`, or http.
  [[nodiscard]] std::string base_url() const;

  /// The authority's certificate.
  [[nodiscard]] const std::string& ca_pem() const noexcept;

  /// The newest value of `_coupa_session`; empty after `expire_session`.
  [[nodiscard]] std::string cookie_value() const;

  /// A Cookie header with that value.
  [[nodiscard]] std::string cookie_header() const;

  /// Begins a new session; the old one is over. Returns its cookie value.
  std::string sign_in();

  void expire_session();

  /// Of the API's integration user; its client id is `token_book::client_id`.
  [[nodiscard]] const std::string& client_secret() const noexcept;
  [[nodiscard]] const std::string& api_key() const noexcept;

  /// Ends every access token.
  void expire_tokens();

  /// Netscape format, mode 0600, the session as it stands.
  void write_cookies(const std::filesystem::path& file) const;

  [[nodiscard]] stats_snapshot statistics() const;
  /// Second by second since the first request.
  [[nodiscard]] std::vector<stats_second> seconds() const;
  [[nodiscard]] std::map<std::string, std::uint64_t> requests_by_path() const;
  void reset_statistics();

  [[nodiscard]] const dataset& data() const noexcept;
  /// For changes while the site is up.
  [[nodiscard]] dataset& data() noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace coupa_sim
