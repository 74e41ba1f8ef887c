#pragma once

#include "async/asio_clock.hpp"
#include "http/client.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_limits.hpp"
#include "http/trust_store.hpp"
#include "objects/address.hpp"
#include "objects/credentials/credential_chain.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>
#include <pofetch/network_config.hpp>
#include <pofetch/object_store.hpp>
#include <pofetch/pool_config.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::objects {

/// What is needed to reach a store.
struct store_setup {
  output_address where;
  object_store_options options;
  /// Times, tries, authorities, hosts.
  pool_config pool;
  network_config network;
  /// Told with every object; may be empty.
  std::string batch{};
  /// Asked before anything is tried again: yes ends it. May be empty.
  std::function<bool()> stopped{};
};

/// One request to the bucket, without what signs it.
struct object_request {
  std::string method = "GET";
  /// Empty: the bucket itself.
  std::string key{};
  std::vector<std::pair<std::string, std::string>> query{};
  std::vector<http_field> fields{};
  std::string body{};
  /// A body in a file, in place of the other one: the open file, its size and SHA-256 in hexadecimal.
  int file = -1;
  std::uint64_t file_size = 0;
  std::string file_sha256{};
};

struct object_answer {
  int status = 0;
  std::vector<http_field> fields{};
  /// Up to 4 MiB; what a receiver got is not in it.
  std::string body{};
  /// As announced, also of a body that HEAD does not send.
  std::optional<std::uint64_t> length{};

  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
  [[nodiscard]] bool good() const noexcept { return status >= 200 && status < 300; }
};

/// Gets the body of an answer with 2xx piece by piece. A failure ends the request with it.
using body_receiver = std::function<result<void>(std::span<const std::byte>)>;

/// Signed requests to one bucket, on connections and within limits of their own: what the store cannot bear
/// slows nobody else. Has an io_context that runs while something is asked. One thread at a time.
class store_client {
 public:
  /// Connections, and so requests side by side.
  static constexpr std::size_t most_connections = 32;

  /// Reads certificates, so it blocks. Failure config: the endpoint or one of the files cannot be used.
  [[nodiscard]] static result<std::unique_ptr<store_client>> make(store_setup setup);
  ~store_client();

  store_client(const store_client&) = delete;
  store_client& operator=(const store_client&) = delete;

  /// Sends it until there is an answer that is not of the moment: 409, 429 and 5xx but 501 are tried again,
  /// as are broken connections and keys that have ended. Failures: those of a connection, and `http_status`,
  /// when the tries have run out; config: there are no credentials. Both must outlive it.
  [[nodiscard]] awaitable<result<object_answer>> send(const object_request& request,
                                                      const body_receiver* receive = nullptr);

  /// Runs it to its end. Blocks.
  template <class T>
  [[nodiscard]] result<T> wait_for(awaitable<result<T>> work);

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] const store_setup& setup() const noexcept { return setup_; }
  /// `s3://bucket at https://host`, for sentences.
  [[nodiscard]] std::string shown() const;

 private:
  explicit store_client(store_setup setup);
  [[nodiscard]] result<void> open();
  [[nodiscard]] result<std::unique_ptr<http::client>> client_for(const std::string& base_url, bool of_keys);
  [[nodiscard]] awaitable<result<std::string>> ask_for_keys(const http_request& request);
  [[nodiscard]] awaitable<result<object_answer>> attempt(const object_request& request,
                                                         const body_receiver* receive);
  [[nodiscard]] http_request signed_request(const object_request& request, const access_keys& who) const;
  /// Learns from a refusal what was wrong with the request. True: it is worth another one.
  [[nodiscard]] bool corrects(const object_answer& answer);

  store_setup setup_;
  boost::asio::io_context context_{1};
  async::asio_clock time_;
  http::host_limits limits_;
  http::host_limits key_limits_;
  http::cookie_jar cookies_;
  http::trust_store trust_;
  bucket_place place_;
  credential_chain credentials_;
  std::unique_ptr<http::client> http_;
  /// The store's clock before ours.
  std::chrono::system_clock::duration skew_{};
};

}  // namespace pofetch::objects

#include "async/block_on.hpp"

namespace pofetch::objects {

template <class T>
result<T> store_client::wait_for(awaitable<result<T>> work) {
  return async::block_on(context_, std::move(work), {},
                         make_failure(errc::cancelled, "stopped while the object store was asked"));
}

}  // namespace pofetch::objects
