#pragma once

#include "support/origin.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace pofetch::test {

/// The least that pofetch takes for an instance with a REST API: a token endpoint, and orders with one file
/// each. What a test wants otherwise, it answers itself.
class rest_instance {
 public:
  /// True: it has answered in place of the instance. Called on any thread.
  using interference =
      std::function<bool(const testing::origin_request& request, testing::origin_peer& peer)>;

  explicit rest_instance(interference first = {})
      : first_(std::move(first)),
        server_([this](const testing::origin_request& request, testing::origin_peer& peer) {
          if (!first_ || !first_(request, peer)) answer(request, peer);
        }) {}

  [[nodiscard]] const testing::origin& server() const { return server_; }
  [[nodiscard]] unsigned tokens() const { return tokens_; }

  [[nodiscard]] static bool is_token_request(const testing::origin_request& request) {
    return request.target == "/oauth2/token";
  }
  [[nodiscard]] static bool is_file_request(const testing::origin_request& request) {
    return request.target.find("/attachments/") != std::string::npos;
  }
  [[nodiscard]] static bool is_list_request(const testing::origin_request& request) {
    return request.target.find("/attachments?") != std::string::npos;
  }
  /// What every token that is given out begins with.
  static constexpr const char* token_lead = "acCessT0ken+a/b=QxM-as-long-as-they-are-";

  static bool reply_json(testing::origin_peer& peer, int status, const std::string& body) {
    return peer.reply(status, body, {{"Content-Type", "application/json"}});
  }

 private:
  void answer(const testing::origin_request& request, testing::origin_peer& peer) {
    const std::string& target = request.target;
    if (is_token_request(request)) {
      reply_json(
          peer, 200,
          R"({"access_token":")" + (token_lead + std::to_string(++tokens_)) + R"(","expires_in":86399})");
    } else if (is_file_request(request)) {
      peer.reply(200, "the file of " + target);
    } else if (is_list_request(request)) {
      const std::string id = number_behind(target, "purchase_orders/");
      const bool begin = target.find("offset=0") != std::string::npos;
      reply_json(peer, 200, begin ? R"([{"id":)" + id + R"(,"type":"file","file":"f.txt"}])" : "[]");
    } else {
      const std::string id = number_behind(target, "po-number=");
      reply_json(peer, 200, R"([{"id":)" + id + R"(,"po-number":")" + id + R"("}])");
    }
  }

  /// 1 if there is none.
  static std::string number_behind(const std::string& target, const std::string& lead) {
    const auto at = target.find(lead);
    if (at == std::string::npos) return "1";
    const auto begin = at + lead.size();
    return target.substr(begin, target.find_first_not_of("0123456789", begin) - begin);
  }

  interference first_;
  std::atomic<unsigned> tokens_{0};
  testing::origin server_;
};

}  // namespace pofetch::test
