#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>

namespace pofetch::cli {

/// Where a service is.
struct service_address {
  /// As the user may give it again: `https://host`, `unix:/run/pofetch/api.sock`. No `/` at the end.
  std::string shown;
  /// What its routes stand behind: `https://host/prefix`; of a Unix socket `http://localhost`.
  std::string base;
  /// Empty: it is reached over the network.
  std::string unix_path{};

  /// `curl ...` for the route behind `/v1`, for a person; `options` go in front of the address.
  [[nodiscard]] std::string curl(std::string_view route, std::string_view options = {}) const;
};

struct batch_address {
  service_address service;
  std::string id;
};

/// Reads an address. Failure `config`: it is none, holds a password, a query or a fragment, or is plain HTTP
/// to another machine.
[[nodiscard]] result<service_address> read_service_address(std::string_view text);

/// The address of a service with `/ID` or `/v1/batches/ID` behind it.
[[nodiscard]] result<batch_address> read_batch_address(std::string_view text);

}  // namespace pofetch::cli
