#include "service/server/access/token_file.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "os/failure_of.hpp"
#include "os/read_write.hpp"
#include "service/server/identity.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <sys/stat.h>
#include <utility>

namespace pofetch::service {

namespace {

constexpr std::array all_scopes{scope::read, scope::submit, scope::metrics, scope::admin};
constexpr std::string_view digest_lead = "sha256:";

bool is_token_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '#' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return core::is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

std::optional<unsigned> read_scopes(std::string_view words) {
  unsigned made = 0;
  for (const std::string_view word : core::split(words, ',')) {
    const auto found = std::find_if(all_scopes.begin(), all_scopes.end(),
                                    [&](scope each) { return to_string(each) == word; });
    if (found == all_scopes.end()) return std::nullopt;
    made |= static_cast<unsigned>(*found);
  }
  return made;
}

std::optional<token> read_token_line(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : core::split(line, ' '))
    if (!word.empty()) words.push_back(word);
  if (words.size() != 3 || !is_token_name(words[0]) || !words[2].starts_with(digest_lead))
    return std::nullopt;
  const auto scopes = read_scopes(words[1]);
  auto digest = core::from_hex(words[2].substr(digest_lead.size()));
  if (!scopes || !digest || digest->size() != 32) return std::nullopt;
  return token{std::string(words[0]), *scopes, std::move(*digest)};
}

}  // namespace

std::string_view to_string(scope which) noexcept {
  switch (which) {
    case scope::none:
      return "none";
    case scope::read:
      return "read";
    case scope::submit:
      return "submit";
    case scope::metrics:
      return "metrics";
    case scope::admin:
      return "admin";
  }
  return {};
}

bool allows(const token& given, scope wanted) noexcept {
  constexpr auto bit = [](scope which) { return static_cast<unsigned>(which); };
  if (wanted == scope::none) return true;
  const unsigned enough =
      wanted == scope::read ? bit(scope::read) | bit(scope::submit) | bit(scope::admin) : bit(wanted);
  return (given.scopes & enough) != 0;
}

result<token_list> read_tokens(std::string_view text) {
  token_list all;
  int number = 0;
  for (const std::string_view raw : core::split(text, '\n')) {
    ++number;
    const std::string_view line = core::trim(raw);
    if (line.empty() || line.front() == '#') continue;
    auto read = read_token_line(line);
    if (!read)
      return make_failure(errc::config,
                          fmt::format("line {}: expected NAME SCOPE[,SCOPE] sha256:HEX", number));
    all.push_back(std::move(*read));
  }
  return all;
}

const token* find_token(const token_list& all, std::string_view text) {
  const std::string digest = sha256(text);
  const token* found = nullptr;
  for (const token& each : all)
    if (::CRYPTO_memcmp(each.digest.data(), digest.data(), digest.size()) == 0) found = &each;
  return found;
}

result<token_file> load_tokens(const std::filesystem::path& file) {
  const auto refused = [&](std::string_view why) {
    return make_failure(errc::config, fmt::format("--tokens: {}: {}", file.string(), why));
  };
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return refused(os::words_of(errno));
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refused("others may write to it, and so let anybody in; chmod 600 makes it yours alone");
  constexpr std::size_t largest = 1U << 20;
  const os::bytes_read read = os::read_file(file, largest);
  if (read.error != 0) return refused(os::words_of(read.error));
  auto tokens = read_tokens(read.bytes);
  if (!tokens) return refused(tokens.error().message);
  if (tokens->empty()) return refused("there is no token in it; --new-token makes one");
  token_file made{std::make_shared<const token_list>(std::move(*tokens))};
  if ((facts.st_mode & (S_IRGRP | S_IROTH)) != 0)
    made.warning =
        fmt::format("others may read the token file {}; chmod 600 keeps it private.", file.string());
  return made;
}

result<new_token> make_token(std::string_view name, std::string_view scopes) {
  if (!is_token_name(name))
    return make_failure(errc::config,
                        "--new-token: a name has letters, digits, '-', '_' and '.' only, at most 64.");
  if (!read_scopes(scopes))
    return make_failure(errc::config,
                        "--scope: expected one or more of read, submit, metrics and admin, with commas "
                        "between them.");
  new_token made;
  made.text = base64_url(random_bytes(32));
  made.line = fmt::format("{} {} {}{}", name, scopes, digest_lead, core::to_hex(sha256(made.text)));
  return made;
}

}  // namespace pofetch::service
