#pragma once

#include "service/events/event_ring.hpp"
#include "service/server/exchange.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::service {

/// What a stream of events needs of whoever has them.
struct event_source {
  std::shared_ptr<event_ring> ring;
  /// JSON of what the events are about, as it is now: an event `snapshot` each.
  std::function<std::vector<std::string>()> snapshot;
  /// Will nothing more come? The stream ends behind the last event then.
  std::function<bool()> is_over;
  /// JSON of the event `end`.
  std::function<std::string()> last_word;
  /// Is the service about to end?
  std::function<bool()> is_closing;
  /// Is called when a client has to begin anew; may be empty.
  std::function<void()> on_reset;
  /// Streams that are open, counted while one lives.
  std::size_t* open = nullptr;
};

/// Server-sent events (HTML, section 9.2): `retry`, then what the client has missed, or a snapshot; then what
/// happens.
class event_stream final : public body_stream {
 public:
  /// `last_id`: what the client has seen last; empty: it is new. `names`: the events that it wants; empty:
  /// all.
  event_stream(event_source from, std::string_view last_id, std::vector<std::string> names);
  ~event_stream() override;

  event_stream(const event_stream&) = delete;
  event_stream& operator=(const event_stream&) = delete;

  [[nodiscard]] awaitable<state> next(std::string& into) override;

 private:
  void start_anew(std::string& into, bool reset);
  /// Events from the client's place on.
  void append(std::string& into);
  [[nodiscard]] bool wants(std::string_view name) const;

  event_source from_;
  std::vector<std::string> names_;
  std::uint64_t place_ = 0;
  bool begun_ = false;
  bool known_ = false;  ///< the client has a place
  bool said_end_ = false;
  bool reset_ = false;
};

}  // namespace pofetch::service
