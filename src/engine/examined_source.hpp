#pragma once

#include "engine/api_credentials.hpp"
#include "sources/session_probe.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/batch.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/transport.hpp>

#include <memory>
#include <string>

namespace pofetch::engine {

/// What `doctor` asks of the source that a run would use. Belongs to one executor; everything is cancellable.
class examined_source {
 public:
  virtual ~examined_source() = default;

  /// Does the instance accept the sign-in?
  [[nodiscard]] virtual awaitable<result<sources::session_state>> probe() = 0;
  /// What that answer means.
  [[nodiscard]] virtual finding judge(const result<sources::session_state>& state) const = 0;

  /// One small request; false: it was refused.
  [[nodiscard]] virtual awaitable<result<bool>> ask() = 0;

  /// The number of some order. Failures also: unsupported (this source has no list of orders), not_found
  /// (there are none).
  [[nodiscard]] virtual awaitable<result<std::string>> any_order() = 0;

  [[nodiscard]] virtual attachment_source& attachments() = 0;
};

/// What these stand on; all of it must outlive them.
struct examined_parts {
  transport& http;
  clock& time;
  const batch_options& options;
  /// Not as patient as that of the options.
  const pool_config& pool;
  progress& events;
};

/// The pages of a signed-in browser.
[[nodiscard]] std::unique_ptr<examined_source> examine_web(const examined_parts& parts);

/// The REST API. An API key is the transport's to add.
[[nodiscard]] std::unique_ptr<examined_source> examine_api(const examined_parts& parts, api_credentials who);

}  // namespace pofetch::engine
