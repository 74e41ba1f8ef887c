#pragma once

#include "support/origin.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace pofetch::testing {

/// How a fake object store behaves.
struct fake_s3_options {
  std::string bucket = "archive";
  std::string access_key = "testkey";
  std::string secret = "testsecret/that+nobody=sees";
  std::string token{};
  /// It knows If-None-Match and If-Match; else it takes no notice of them.
  bool conditions = true;
  /// Called before anything else; true: it has answered by itself, or ended the connection.
  std::function<bool(const origin_request&, origin_peer&)> before{};
  /// Called when an object was stored, before the answer; true as above.
  std::function<bool(const origin_request&, origin_peer&)> stored{};
};

/// An object store in the test's own process, over plain HTTP: one bucket in memory. Checks every signature,
/// digest and condition with code of its own.
class fake_s3 {
 public:
  struct object {
    std::string body;
    std::string etag;
    std::map<std::string, std::string> fields;  ///< what is sent back with it
  };

  explicit fake_s3(fake_s3_options options = {});

  [[nodiscard]] std::string endpoint() const { return server_.base_url(); }
  /// By key.
  [[nodiscard]] std::map<std::string, object> objects() const;
  void put(const std::string& key, const std::string& body);
  void remove(const std::string& key);
  /// Requests that were refused for their signature, and why.
  [[nodiscard]] std::string complaints() const;
  /// How many requests with that method there were, but for those of the probe.
  [[nodiscard]] std::size_t requests(const std::string& method) const;
  [[nodiscard]] origin& server() { return server_; }

 private:
  void answer(const origin_request& request, origin_peer& peer);
  void answer_put(const std::string& key, const origin_request& request, origin_peer& peer);
  void answer_get(const std::string& key, const origin_request& request, origin_peer& peer);
  void answer_list(const origin_request& request, origin_peer& peer);
  [[nodiscard]] std::string signature_problem(const origin_request& request) const;

  const fake_s3_options options_;
  mutable std::mutex mutex_;
  std::map<std::string, object> objects_;
  std::string complaints_;
  origin server_;
};

}  // namespace pofetch::testing
