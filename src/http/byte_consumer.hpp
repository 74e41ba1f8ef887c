#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <span>

namespace pofetch::http {

/// One stage of the way of a body: the parser pushes into it, and it pushes on.
class byte_consumer {
 public:
  virtual ~byte_consumer() = default;
  /// The view is valid during the call only. A failure ends the exchange.
  virtual result<void> consume(std::span<const std::byte> bytes) = 0;
};

}  // namespace pofetch::http
