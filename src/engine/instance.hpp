#pragma once

#include "engine/api_credentials.hpp"
#include "engine/sign_in_state.hpp"
#include "http/shared_state.hpp"
#include "sources/shared_token.hpp"

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/source_kind.hpp>

#include <functional>

namespace pofetch::engine {

/// One instance of the system, and who signs in there: what the executors that talk to it share. Each of them
/// has an `instance_lane` over it.
struct instance {
  /// Both must outlive it. Nothing is read yet.
  instance(const instance_options& how, progress& receiver);

  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;

  /// Where attachments are looked up by API, brings its credentials together. May run a command; blocks.
  /// Failures: see `load_api_credentials`.
  result<void> load_credentials(const std::function<bool()>& stopped);

  const instance_options& options;
  progress& events;
  /// `automatic` until the list has been seen.
  source_kind source;
  http::shared_state shared;
  sign_in_state sign_in;
  api_credentials api;
  sources::shared_token token;
};

}  // namespace pofetch::engine
