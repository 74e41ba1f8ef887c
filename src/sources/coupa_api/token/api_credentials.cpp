#include "sources/coupa_api/token/api_credentials.hpp"

#include "core/ascii.hpp"
#include "core/refused.hpp"
#include "os/failure_of.hpp"
#include "os/file_rights.hpp"
#include "os/read_write.hpp"
#include "sources/coupa_api/api_options.hpp"
#include "sources/coupa_api/token/secret_command.hpp"
#include "sources/coupa_api/token/signed_transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::chrono::seconds command_limit{30};
constexpr std::size_t most_secret = 16U << 10;
/// What some editors put in front of UTF-8.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

result<std::string> secret_from_file(const std::filesystem::path& path, progress& events) {
  const auto [text, error] = os::read_file(path, most_secret);
  if (error != 0)
    return core::refused(
        fmt::format("the client secret file {} cannot be read: {}", path.string(), os::words_of(error)));
  if (auto warning = os::warn_if_readable_by_others("client secret file", path))
    events.on(event::notice{notice_level::warning, *warning});
  if (text.find('\0') != std::string::npos)
    return core::refused(fmt::format(
        "the client secret file {} is no plain text (UTF-16, or no text at all); save it as UTF-8 text",
        path.string()));
  std::string_view line = std::string_view(text).substr(0, text.find('\n'));
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  std::string secret(core::trim(line));
  if (secret.empty())
    return core::refused(
        fmt::format("the client secret file {} has nothing in its first line", path.string()));
  return secret;
}

/// Printable ASCII without blanks.
bool is_sendable(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

result<std::string> secret_of(const instance_options& options, progress& events,
                              const std::function<bool()>& stopped) {
  if (!options.client_secret_file.empty()) return secret_from_file(options.client_secret_file, events);
  if (!options.secret_command.empty())
    return run_secret_command(options.secret_command, command_limit, stopped);
  return std::string(core::trim(options.client_secret));
}

}  // namespace

result<api_credentials> load_api_credentials(const instance_options& options, progress& events,
                                             const std::function<bool()>& stopped) {
  auto good = check_api_credentials(options);
  if (!good) return good.error();
  api_credentials made;
  if (options.client_id.empty()) {
    made.api_key = core::trim(options.api_key);
    if (!is_sendable(made.api_key))
      return core::refused(
          "the API key in POFETCH_API_KEY has a blank or a character that no key has; was it copied whole?");
    return made;
  }
  auto secret = secret_of(options, events, stopped);
  if (!secret) return secret.error();
  made.client = {options.base_url, options.client_id, std::move(*secret),
                 std::string(core::trim(options.scope))};
  return made;
}

std::vector<http_field> api_sign_in::fields() const {
  if (who_.api_key.empty()) return {};
  return {{"X-COUPA-API-KEY", who_.api_key}};
}

std::unique_ptr<transport> api_sign_in::sign(transport& http, clock& time, const core::retry_options& retry,
                                             progress& events) {
  if (!who_.by_token()) return nullptr;
  return std::make_unique<signed_transport>(http, time, token_, who_.client, retry, events);
}

}  // namespace pofetch::sources
