#pragma once

#include "cli/program.hpp"
#include "support/process.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::test {

/// An answer of the service.
struct answer {
  int status = 0;
  /// Names in lower case; of several with one name the last one.
  std::map<std::string, std::string> fields{};
  std::string body{};
  [[nodiscard]] std::string field(const std::string& name) const;
};

using field_list = std::vector<std::pair<std::string, std::string>>;

/// One connection to the service, byte by byte.
class talk {
 public:
  /// `where`: as the service says it, `http://127.0.0.1:PORT` or `unix:PATH`. Throws.
  explicit talk(const std::string& where);
  ~talk();
  talk(const talk&) = delete;
  talk& operator=(const talk&) = delete;

  void send(std::string_view bytes) const;
  /// The next answer; status 0: the service closed without one, or time is up.
  [[nodiscard]] answer next(bool head_only = false);
  /// Everything until the service closes, or time is up.
  [[nodiscard]] std::string rest(std::chrono::milliseconds limit = std::chrono::seconds{20});
  /// Reads until the text has come. False: time is up, or the service closed.
  bool wait_for(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds{20});
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }
  [[nodiscard]] const std::string& seen() const noexcept { return buffer_; }

 private:
  bool read_some(std::chrono::steady_clock::time_point until);

  int socket_ = -1;
  bool closed_ = false;
  std::string buffer_;
};

/// How it is started, where that is not just done.
struct launch {
  /// A program (full path) and its words, which starts the words behind these.
  words by{};
  variables environment{};
};

/// `pofetch serve` for the time of a test, in a folder of its own.
class running_service {
 public:
  /// The configuration file has the profile `main` for that site, and `configuration` behind it.
  explicit running_service(const coupa& site, words more = {}, const std::string& configuration = {},
                           launch how = {});

  /// For a site whose address and folder (ca.pem, cookies.txt) these are.
  running_service(const std::string& base_url, const std::filesystem::path& folder, words more);

  /// Starts it in the same folder; waits until it listens.
  void start();
  /// SIGTERM, and its end; the exit state.
  int stop();
  void kill();

  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] process& running() { return *running_; }
  [[nodiscard]] const program& home() const { return home_; }
  /// What it has written to standard error over all its lives.
  [[nodiscard]] std::string err() const;

  [[nodiscard]] answer ask(std::string_view method, const std::string& target, std::string_view body = {},
                           const field_list& fields = {}) const;
  [[nodiscard]] answer get(const std::string& target, const field_list& fields = {}) const;
  [[nodiscard]] answer post(const std::string& target, std::string_view json = {},
                            const field_list& fields = {}) const;
  /// Submits a list and gives the id of the batch; fails the test if it is not accepted.
  [[nodiscard]] std::string submit(std::string_view list, const std::string& query = {}) const;
  /// Waits until the batch is in one of these states, and gives it.
  [[nodiscard]] std::string wait_for_state(const std::string& id,
                                           const std::vector<std::string>& states) const;
  [[nodiscard]] std::string state_of(const std::string& id) const;

 private:
  void set_up(const std::string& base_url, const std::filesystem::path& folder, const words& more,
              const std::string& configuration);

  program home_;
  words line_;
  launch how_;
  std::string earlier_;
  std::string where_;
  std::unique_ptr<process> running_;
};

/// A token, and the line for it in the file of tokens.
struct made_token {
  std::string text;
  std::string line;
};
/// By `pofetch serve --new-token`. Fails the test if that does not work.
[[nodiscard]] made_token make_token(const program& pofetch, const std::string& name,
                                    const std::string& scopes);

/// A member of a JSON object, as text: of `a.b` the member b of a. Empty: it is not there, or null.
[[nodiscard]] std::string member(const std::string& json, const std::string& path);

}  // namespace pofetch::test
