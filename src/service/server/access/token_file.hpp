#pragma once

#include <pofetch/error.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// What a route asks for and a token gives. They do not contain each other, but who may submit or is an
/// administrator may read.
enum class scope : unsigned { none = 0, read = 1, submit = 2, metrics = 4, admin = 8 };

/// `read`, `submit`, ...
[[nodiscard]] std::string_view to_string(scope which) noexcept;

struct token {
  std::string name;
  unsigned scopes = 0;  ///< set of `scope`
  std::string digest;   ///< SHA-256 of its text, 32 bytes
};

[[nodiscard]] bool allows(const token& given, scope wanted) noexcept;

using token_list = std::vector<token>;

/// Lines `NAME SCOPE[,SCOPE] sha256:HEX`; empty ones and those that begin with # are passed over. Failure
/// `config` names the line, never what stands in it.
[[nodiscard]] result<token_list> read_tokens(std::string_view text);

/// Null: no line has this token. All lines are compared, always, in a time that says nothing of their
/// digests.
[[nodiscard]] const token* find_token(const token_list& all, std::string_view text);

struct token_file {
  std::shared_ptr<const token_list> tokens;
  /// One sentence if others may read it; empty: they may not.
  std::string warning{};
};

/// Reads the file. Failure `config`: it cannot be read or understood, or others may write it.
[[nodiscard]] result<token_file> load_tokens(const std::filesystem::path& file);

/// A token of 32 random bytes, and the line of the file for it. Failure `config`: a scope that is none, a
/// name with other characters than letters, digits, `-`, `_` and `.`.
struct new_token {
  std::string text;
  std::string line;
};
[[nodiscard]] result<new_token> make_token(std::string_view name, std::string_view scopes);

}  // namespace pofetch::service
