#pragma once

#include <pofetch/clock.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/transport.hpp>

#include <cstddef>

namespace pofetch::sources {

/// What a source has on one executor, on behalf of one batch. All of it outlives what is made with it.
struct workplace {
  /// How the instance is reached.
  const instance_options& options;
  /// Tries and sizes of pages; the batch's own.
  const pool_config& pool;
  /// Signs in what goes to the instance.
  transport& http;
  clock& time;
  progress& events;
  /// Of the executor: tries on different ones do not wait for the same times.
  std::size_t index = 0;
  /// Told to `events` with what is tried again.
  unsigned worker = 0;
};

}  // namespace pofetch::sources
