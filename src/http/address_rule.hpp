#pragma once

#include "core/address.hpp"

#include <optional>

namespace pofetch::http {

/// What is known about one hop of an exchange when its address has been found.
struct hop_facts {
  /// The hop goes to the instance's own origin.
  bool own_origin = false;
  /// The user wrote the URL himself, and this is its first hop.
  bool user_named = false;
  /// `--allow-host` names the host.
  bool host_allowed = false;
  /// The address to which the first hop of this exchange went, if that hop was to the own origin or named by
  /// the user.
  std::optional<core::address_class> first_hop{};
  /// The address at which the instance itself was reached on this lane.
  std::optional<core::address_class> instance{};
};

/// May a hop connect to an address of this class? The open internet always; anything else only where the
/// user pointed, or where the exchange or the instance is at home already: a page or a redirect must not
/// reach into the network that pofetch runs in.
[[nodiscard]] bool may_connect(core::address_class kind, const hop_facts& hop) noexcept;

}  // namespace pofetch::http
