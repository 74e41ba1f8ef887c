#pragma once

#include <pofetch/error.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::cli {

/// One event of a stream of server-sent events.
struct server_event {
  std::string name;
  std::string data;
};

/// Takes a stream of server-sent events apart (HTML, section 9.2.6), in whatever pieces it comes. One reader
/// serves the connections of one source, one after another.
class event_reader {
 public:
  using taker = std::function<void(const server_event&)>;

  /// Hands every event that is whole to `take`. Failure `protocol`: a line or an event of more than 4 MiB.
  [[nodiscard]] result<void> feed(std::string_view bytes, const taker& take);

  /// Another connection: what came half is forgotten, the last id is not.
  void begin_again();

  /// Of the last event; empty: there was none.
  [[nodiscard]] const std::string& last_id() const noexcept { return last_id_; }
  /// How long to wait before a new connection, if the server has said it.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

 private:
  void take_line(std::string_view line, const taker& take);
  void take_field(std::string_view name, std::string_view value);

  std::string line_;
  bool after_return_ = false;  ///< a line feed behind a carriage return ends no line of its own
  server_event event_;
  std::string id_;
  std::string last_id_;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace pofetch::cli
