#pragma once

#include "core/retry_policy.hpp"

#include <pofetch/clock.hpp>
#include <pofetch/http_message.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/transport.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace pofetch::sources {

/// What an instance is signed in to with, beside cookies: one object for all executors, on any thread.
class credentials {
 public:
  virtual ~credentials() = default;

  /// What every request to the instance's own origin carries. Secret.
  [[nodiscard]] virtual std::vector<http_field> fields() const { return {}; }

  /// Signs in what goes through `http`, for one executor; null: `fields` are all. Everything given, and this
  /// object, must outlive it.
  [[nodiscard]] virtual std::unique_ptr<transport> sign(transport& /*http*/, clock& /*time*/,
                                                        const core::retry_options& /*retry*/,
                                                        progress& /*events*/) {
    return nullptr;
  }

  /// How long the instance lets a sign-in live, if it has said so.
  [[nodiscard]] virtual std::optional<std::chrono::seconds> told_lifetime() const { return std::nullopt; }
};

}  // namespace pofetch::sources
