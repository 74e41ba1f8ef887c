#pragma once

#include <pofetch/attachment_source.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/error.hpp>
#include <pofetch/network_config.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/source_kind.hpp>
#include <pofetch/transport.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pofetch {

/// Makes a caller's own source for one executor: `http` signs in as the options say and keeps their limits,
/// `time` is the clock. Both belong to that executor and outlive the source.
using source_factory = std::function<std::unique_ptr<attachment_source>(transport& http, clock& time)>;

/// One instance of a procurement system, who signs in there, and how it is treated. Plain data.
struct instance_options {
  /// `https://<tenant>.coupahost.com`; needed by `web` and `api`.
  std::string base_url;
  source_kind source = source_kind::automatic;
  /// Looks attachments up in a system that pofetch does not know; empty: `source` says where. Called once for
  /// each executor. `base_url` is that system's address then: cookies and headers go to its origin alone.
  source_factory own_source;

  // --- signing in; secrets ---

  /// Netscape cookies.txt or JSON. Newer values of a sliding session are written back.
  std::filesystem::path cookie_file;
  /// A Cookie header.
  std::string cookie_header;
  /// OAuth2 client credentials, for `api`: id, scopes separated by spaces, and the secret, which is taken
  /// from the file if there is one, else from the command, else from the text.
  std::string client_id;
  std::string scope = "core.purchase_order.read core.requisition.read";
  std::string client_secret;
  /// Its first line is the secret.
  std::filesystem::path client_secret_file;
  /// The first line that it prints is the secret. Words as in a shell, quotes included, but run directly: no
  /// variables, pipes or redirections. May take 30 s.
  std::string secret_command;
  /// A new access token is not used before it is so old.
  std::chrono::milliseconds token_wait{5'000};
  /// For `api` without `client_id`: the older way.
  std::string api_key;
  /// `Name: value` lines for requests to the instance's own origin.
  std::vector<std::string> headers;

  pool_config pool;
  network_config network;
};

/// What can be said of the options by themselves: addresses, headers and rules are well formed, bounds hold,
/// and nothing misses what it needs. Reads no file and asks nobody. `session::open` and batches begin with
/// it; before that it may be called by code that takes options from a person. Failure config, one sentence
/// that names the setting.
[[nodiscard]] result<void> validate(const instance_options& options);

}  // namespace pofetch
