#pragma once

#include "async/watchdog.hpp"
#include "service/server/server_core.hpp"
#include "service/server/sockets/client_stream.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace pofetch::service {

/// One client: its requests, one after another, until it goes, is too slow, or has sent what is not
/// understood.
class connection {
 public:
  /// `local`: a Unix socket, whose Host says nothing. `core` outlives it.
  connection(client_stream stream, bool local, server_core& core);

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  awaitable<> run();

 private:
  class body;

  /// A whole head at the front of the buffer; 0: there will be none.
  [[nodiscard]] awaitable<std::size_t> next_head(bool first);
  [[nodiscard]] awaitable<bool> serve(std::string head);
  [[nodiscard]] awaitable<reply> answer(request& asked, body& incoming);
  [[nodiscard]] reply check(request& asked) const;
  [[nodiscard]] reply admit(request& asked, const route& way);
  [[nodiscard]] awaitable<reply> with_body(request& asked, const route& way, body& incoming);
  /// For the metrics.
  void count(const request& asked, const reply& made, std::chrono::steady_clock::time_point began) const;
  [[nodiscard]] awaitable<bool> send(const request& asked, const reply& what, bool keep);
  [[nodiscard]] awaitable<bool> send_stream(const reply& what, bool chunked);
  /// All that is left of a body that stands in a file; `impossible`: it has to be read.
  [[nodiscard]] awaitable<client_stream::file_step> send_file(body_stream& what);
  [[nodiscard]] awaitable<bool> write(std::string_view bytes);
  /// False: nothing more comes, or not in time.
  [[nodiscard]] awaitable<bool> read_more(std::size_t room);
  awaitable<> drain();

  client_stream stream_;
  bool local_;
  server_core& core_;
  async::watchdog patience_;
  std::string buffer_;
  /// What comes next on it cannot be told.
  bool broken_ = false;
  /// It may still be sending when it is left.
  bool lingers_ = false;
};

}  // namespace pofetch::service
