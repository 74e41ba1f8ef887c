#pragma once

#include "async/task_group.hpp"
#include "http/client.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_limits.hpp"
#include "http/trust_store.hpp"
#include "service/events/bell.hpp"
#include "service/webhooks/delivery.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

using settings::webhook;

/// Tells webhooks what happens to batches, each message until it has been taken or has failed. Belongs to one
/// executor.
class webhook_sender {
 public:
  struct parts {
    boost::asio::any_io_executor executor;
    /// Where tries run; whoever ends the sender cancels and joins it, too.
    async::task_group& tries;
    /// Keeps what has become of a delivery, on stable storage.
    std::function<awaitable<result<void>>(const delivery&)> save;
    /// A sentence for people: a message is given up.
    std::function<void(std::string_view)> warn;
    /// There was a try; true: the message has been taken.
    std::function<void(bool)> tried;
  };

  /// Reads the secrets; blocks. Failure config: one of them cannot be used.
  [[nodiscard]] static result<std::unique_ptr<webhook_sender>> make(parts from,
                                                                    const std::vector<webhook>& all);

  webhook_sender(const webhook_sender&) = delete;
  webhook_sender& operator=(const webhook_sender&) = delete;

  /// Messages to all webhooks that want to know it; they are not kept, and not sent, by this.
  /// `data`: JSON of an object.
  [[nodiscard]] std::vector<delivery> messages(std::string_view type, const std::string& batch,
                                               const std::string& data) const;
  /// Sends what has been kept.
  void take(std::vector<delivery> kept);

  /// Until it is cancelled.
  awaitable<> run();

  /// Messages that have not been taken yet.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }

 private:
  /// A webhook with what its connections share.
  struct target {
    explicit target(webhook known) : about(std::move(known)), limits(http::ceilings{}) {}
    webhook about;
    std::string key;
    http::client_config config;
    http::host_limits limits;
    http::cookie_jar cookies;
    http::trust_store trust;
    std::size_t busy = 0;
  };
  struct entry {
    delivery what;
    bool busy = false;
  };

  explicit webhook_sender(parts from) : parts_(std::move(from)), changed_(parts_.executor) {}

  /// Starts what is due, and says when to look again.
  std::chrono::steady_clock::time_point start_due();
  awaitable<> attempt(std::string id);
  awaitable<try_result> send(target& to, const delivery& what);
  void end_message(const delivery& what);

  parts parts_;
  std::map<std::string, std::unique_ptr<target>, std::less<>> targets_;
  std::map<std::string, entry, std::less<>> pending_;
  bell changed_;
};

}  // namespace pofetch::service
