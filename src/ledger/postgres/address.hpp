#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::postgres {

/// Where a ledger is. May hold a password: it is only ever given to libpq, and shown as `shown` says.
class address {
 public:
  /// libpq's forms: `postgresql://[USER@]HOST[:PORT]/DB[?...]`, `key=value ...`. To a host that is neither
  /// this machine nor a socket TLS is `verify-full` unless it says `verify-ca` or `require` with a root
  /// certificate of its own. Failure `config`, which never repeats the text: it is none of these, or it wants
  /// a connection to another machine that may be read along.
  [[nodiscard]] static result<address> read(std::string_view text);

  /// Keywords and values for PQconnectStartParams.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& parameters() const noexcept {
    return parameters_;
  }
  /// Without user, password and parameters: `postgresql://db.example/pofetch`.
  [[nodiscard]] const std::string& shown() const noexcept { return shown_; }

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
  std::string shown_;
};

/// Does the text carry a password, in any form that libpq takes? Also of one that cannot be read otherwise.
[[nodiscard]] bool has_password(std::string_view text);

}  // namespace pofetch::postgres
