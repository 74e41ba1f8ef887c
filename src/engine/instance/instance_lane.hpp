#pragma once

#include "async/asio_clock.hpp"
#include "engine/instance/instance.hpp"
#include "http/client.hpp"
#include "sources/workplace.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/awaitable.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/error.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/transport.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>

namespace pofetch::engine {

/// What talks to an instance on one executor: clock, HTTP client, sign-in and source. Belongs to that
/// executor (one thread, or a strand) and is used there only.
class instance_lane {
 public:
  static constexpr unsigned normal_weight = 4;

  /// On whose behalf, and where among the executors.
  struct guest {
    progress& events;
    /// Its tries and its pages; connections and their times are those of the instance.
    const pool_config& pool;
    unsigned weight = normal_weight;
    /// Number of the executor: tries on different ones do not wait for the same times.
    std::size_t index = 0;
    instance::share part{};
    /// Told to `events` with what is tried again.
    unsigned first_worker = 0;
  };

  /// `where` and what `who` refers to must outlive it. Reads the files of certificates, so it blocks. Failure
  /// config: an address, a header or one of the files cannot be used.
  static result<std::unique_ptr<instance_lane>> make(boost::asio::any_io_executor executor, instance& where,
                                                     const guest& who);

  instance_lane(const instance_lane&) = delete;
  instance_lane& operator=(const instance_lane&) = delete;

  [[nodiscard]] boost::asio::any_io_executor executor() const { return executor_; }
  [[nodiscard]] instance& where() noexcept { return where_; }
  [[nodiscard]] progress& events() noexcept { return who_.events; }
  [[nodiscard]] const pool_config& pool() const noexcept { return who_.pool; }
  [[nodiscard]] clock& time() noexcept { return time_; }
  [[nodiscard]] http::client& http() noexcept { return *http_; }
  /// With the access token on what goes to the instance, where one signs in.
  [[nodiscard]] transport& wire() noexcept { return signed_ ? *signed_ : *http_; }
  [[nodiscard]] attachment_source& source() noexcept { return *source_; }
  [[nodiscard]] const sources::driver& driver() const noexcept { return where_.driver(); }
  /// For what else the driver can do here.
  [[nodiscard]] sources::workplace place() noexcept;

  /// See `sources::driver::probe`.
  [[nodiscard]] awaitable<result<sources::session_state>> probe(unsigned most_retries) {
    return driver().probe(place(), most_retries);
  }

 private:
  instance_lane(boost::asio::any_io_executor executor, instance& where, const guest& who);
  result<void> open();

  boost::asio::any_io_executor executor_;
  instance& where_;
  guest who_;
  async::asio_clock time_;
  std::unique_ptr<http::client> http_;
  std::unique_ptr<transport> signed_;
  std::unique_ptr<attachment_source> source_;
};

}  // namespace pofetch::engine
