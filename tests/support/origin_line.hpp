#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace pofetch::testing {

/// One accepted socket with blocking calls, with TLS or without. Used by the thread of its connection;
/// `interrupt` alone may be called from any thread.
class origin_line {
 public:
  /// Takes the descriptor over. `tls` may be null: plain TCP.
  origin_line(int descriptor, ssl_ctx_st* tls);
  ~origin_line();

  origin_line(const origin_line&) = delete;
  origin_line& operator=(const origin_line&) = delete;

  /// False if the client did not go through with it. True at once without TLS.
  bool handshake();
  /// Asks for the client's certificate in mid-connection and waits for it; false if it does not come.
  bool ask_certificate();
  /// Some bytes; 0 at the end, whatever its kind.
  std::size_t receive(char* into, std::size_t size);
  /// All of it; false if the client is gone or the line has ended.
  bool send(std::string_view bytes);

  void close();  ///< close_notify, then FIN
  void cut();    ///< FIN without close_notify
  void reset();  ///< RST

  /// Sleeps; false if it was interrupted or the line has ended.
  bool wait(std::chrono::milliseconds span);

  /// Makes every blocking call return now and later.
  void interrupt();

  [[nodiscard]] bool ended() const;
  [[nodiscard]] bool resumed() const;             ///< the TLS session was resumed
  [[nodiscard]] std::string server_name() const;  ///< SNI; empty if there was none
  [[nodiscard]] std::string client_name() const;  ///< subject of the client's certificate, if it sent one
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  void drop();

  int descriptor_;
  ssl_st* ssl_ = nullptr;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool interrupted_ = false;
};

}  // namespace pofetch::testing
