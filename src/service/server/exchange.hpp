#pragma once

#include "service/server/access/token_file.hpp"
#include "service/server/heads/request_head.hpp"
#include "service/server/heads/request_target.hpp"
#include "service/server/problem.hpp"
#include "service/server/sockets/file_rest.hpp"

#include <pofetch/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::service {

/// The body of a request as it comes.
class upload {
 public:
  virtual ~upload() = default;

  struct piece {
    std::string_view bytes{};  ///< valid until the next call; empty: the body is at its end, or broken
    std::string_view slug{};   ///< of the problem that ended it; empty: none did
  };
  /// The next bytes.
  [[nodiscard]] virtual awaitable<piece> next() = 0;
};

struct route;

/// One request on its way to its handler.
struct request {
  request_head head;
  request_target target;
  /// What stands for the names in the route's pattern, in their order.
  std::vector<std::string> names;
  /// Null: nobody needs a token here.
  std::shared_ptr<const token> who{};
  std::string id;
  /// Null: there is none for it.
  const route* way = nullptr;
  /// Has the handler been asked?
  bool handled = false;
  /// Of routes that take JSON: the whole body.
  std::string body;
  /// Of routes that take a body bit by bit.
  upload* incoming = nullptr;
};

/// A body that is sent as it comes into being.
class body_stream {
 public:
  virtual ~body_stream() = default;

  enum class state { more, end, broken };
  /// Nothing: not known, it ends when it ends.
  [[nodiscard]] virtual std::optional<std::uint64_t> length() const { return std::nullopt; }
  /// Puts the next bytes into `into`, which is empty.
  [[nodiscard]] virtual awaitable<state> next(std::string& into) = 0;
  /// Where all that is still to come stands in a file: which part of it. Whoever sends of it moves that on.
  /// Null: it does not.
  [[nodiscard]] virtual file_rest* in_file() { return nullptr; }
};

/// An answer.
struct reply {
  unsigned status = 200;
  /// Content-Type; empty: there is no body.
  std::string type{};
  std::string body{};
  std::vector<std::pair<std::string, std::string>> fields{};
  /// In place of `body`.
  std::shared_ptr<body_stream> stream{};
  /// In place of all of it.
  std::optional<problem> refused{};
};

[[nodiscard]] inline reply refuse(problem what) {
  reply made;
  made.refused = std::move(what);
  return made;
}
[[nodiscard]] inline reply refuse(std::string_view slug, std::string detail) {
  problem what;
  what.slug = slug;
  what.detail = std::move(detail);
  return refuse(std::move(what));
}

}  // namespace pofetch::service
