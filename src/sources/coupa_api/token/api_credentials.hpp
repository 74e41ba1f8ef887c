#pragma once

#include "sources/coupa_api/token/access_token.hpp"
#include "sources/coupa_api/token/shared_token.hpp"
#include "sources/credentials.hpp"

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::sources {

/// How a run signs in to the REST API.
struct api_credentials {
  /// Empty `client_id`: with the API key.
  sources::client_credentials client;
  /// Secret.
  std::string api_key;

  [[nodiscard]] bool by_token() const noexcept { return !client.client_id.empty(); }
};

/// Brings them together from options, file and command; may run the command, so it blocks. Warns through
/// `events` about a file that others may read. Failure config: there are none, or one cannot be used.
[[nodiscard]] result<api_credentials> load_api_credentials(const instance_options& options, progress& events,
                                                           const std::function<bool()>& stopped);

/// With the one access token of an instance, or with its API key.
class api_sign_in final : public credentials {
 public:
  /// `rest`: see `shared_token`.
  api_sign_in(api_credentials who, std::chrono::milliseconds rest) : who_(std::move(who)), token_(rest) {}

  [[nodiscard]] std::vector<http_field> fields() const override;
  [[nodiscard]] std::unique_ptr<transport> sign(transport& http, clock& time,
                                                const core::retry_options& retry, progress& events) override;
  [[nodiscard]] std::optional<std::chrono::seconds> told_lifetime() const override {
    return token_.told_lifetime();
  }

 private:
  const api_credentials who_;
  shared_token token_;
};

}  // namespace pofetch::sources
