#pragma once

#include "core/address.hpp"
#include "core/no_proxy.hpp"
#include "core/url.hpp"

#include <pofetch/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// How the proxy is told.
struct proxy_settings {
  /// `http://[USER:PASSWORD@]HOST:PORT`, or without `http://`. Empty: there is none. May hold a secret.
  std::string url{};
  /// See `core::no_proxy_rules`.
  std::vector<std::string> except{};
  /// An instance on this machine itself is reached through it, too.
  bool loopback = false;
};

/// A proxy of the company network: TLS goes through it by HTTP CONNECT (RFC 9110 9.3.6), so that it sees the
/// name of the host and nothing else. Pure rules; immutable.
class proxy {
 public:
  /// Failure config: the address cannot be used, or is of a kind of proxy that is not spoken. Never shows a
  /// password.
  [[nodiscard]] static result<std::optional<proxy>> make(const proxy_settings& settings);

  /// Does the way to this origin lead through it? `own`: it is the instance's. This machine itself is reached
  /// directly, unless it is the instance and the settings say so; so is plain HTTP, which goes nowhere else.
  [[nodiscard]] bool leads_to(const core::origin& target, bool own) const;

  /// Where it listens.
  [[nodiscard]] const core::origin& where() const noexcept { return where_; }

  /// `the proxy http://host:3128`, for sentences.
  [[nodiscard]] std::string shown() const;

  /// The request that asks for a way to the target. Holds the password, if there is one.
  [[nodiscard]] std::string connect_request(const core::origin& target, std::string_view user_agent) const;

  /// What its answer means. Failures: connection (with the status, which keeps a refusal from being tried
  /// again), config for a password that is missing or wrong. `authenticate`: its Proxy-Authenticate field.
  [[nodiscard]] result<void> judge(int status, std::string_view authenticate,
                                   const core::origin& target) const;

 private:
  core::origin where_;
  std::string credentials_;  ///< Basic (RFC 7617), encoded; empty: none
  core::no_proxy_rules except_;
  bool loopback_ = false;
};

/// `localhost`, or below it (RFC 6761 6.3).
[[nodiscard]] bool is_loopback_name(std::string_view host);

/// What stands for the class of an address that nobody here gets to see, because the proxy resolves the name:
/// the address itself if it is one; private for a name without a dot, one below a domain that is never of the
/// internet (RFC 6762, RFC 8375, and what companies use), or one that ends in a number; else the open
/// internet.
[[nodiscard]] core::address_class class_behind_proxy(std::string_view host);

}  // namespace pofetch::http
