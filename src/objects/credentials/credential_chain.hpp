#pragma once

#include "objects/credentials/profile_file.hpp"
#include "objects/sigv4.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::objects {

/// Keys, and when they end.
struct lent_keys {
  access_keys keys;
  std::optional<std::chrono::system_clock::time_point> ends{};
};

/// Asks a service that lends keys, once and briefly, and returns the body of its answer with a status of 2xx.
using key_service = std::function<awaitable<result<std::string>>(const http_request& request)>;

/// Finds the keys to sign with, as the tools of AWS do: environment, profile, web identity, container,
/// instance metadata (version 2). The first place that has any counts. Belongs to one executor.
class credential_chain {
 public:
  credential_chain(variable_reader variable, std::string region, key_service ask);

  /// The keys in force; looked for anew 5 minutes before they end. Failure config: there are none, or the
  /// place that should have them does not give them.
  [[nodiscard]] awaitable<result<access_keys>> current();

  /// They are no good any more: the next call looks for others.
  void forget() { known_.reset(); }

 private:
  [[nodiscard]] awaitable<result<lent_keys>> find();
  [[nodiscard]] awaitable<result<lent_keys>> by_web_identity(std::string token_file, std::string role);
  [[nodiscard]] awaitable<result<lent_keys>> by_container(std::string url);
  [[nodiscard]] awaitable<result<lent_keys>> by_instance();
  [[nodiscard]] result<http_request> container_request(const std::string& url) const;

  variable_reader variable_;
  std::string region_;
  key_service ask_;
  std::optional<lent_keys> known_;
};

/// Keys as containers and instances are given them (JSON). Failure config: it is nothing of that kind.
[[nodiscard]] result<lent_keys> keys_of_json(std::string_view text);

/// Keys of an answer of STS (XML).
[[nodiscard]] result<lent_keys> keys_of_sts(std::string_view xml);

}  // namespace pofetch::objects
