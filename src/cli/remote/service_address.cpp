#include "cli/remote/service_address.hpp"

#include "cli/commands/resume_command.hpp"
#include "core/address.hpp"
#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::cli {

namespace {

constexpr std::string_view local = "unix:";

failure no_address(std::string_view text, std::string_view why) {
  return make_failure(errc::config, fmt::format("'{}' {}; expected https://HOST, http://127.0.0.1:8080 or "
                                                "unix:PATH.",
                                                core::mask_url(text), why));
}

/// A name or address of this machine itself, by how it is written.
bool is_this_machine(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::string_view without_slashes(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

bool is_id(std::string_view text) {
  constexpr std::size_t digits = 26;
  return text.size() == digits && std::all_of(text.begin(), text.end(), core::is_alnum);
}

}  // namespace

result<service_address> read_service_address(std::string_view text) {
  const std::string_view given = without_slashes(text);
  if (given.starts_with(local)) {
    const std::string path(given.substr(local.size()));
    if (path.empty()) return no_address(text, "names no socket");
    return service_address{std::string(given), "http://localhost", path};
  }
  const auto normal = core::normalize_url(given);
  const auto origin = normal ? core::origin_of(*normal) : result<core::origin>(normal.error());
  if (!origin) return no_address(text, "is no address of a service");
  if (given.find_first_of("?#@") != std::string_view::npos)
    return no_address(text, "holds more than an address");
  if (origin->scheme == "http" && !is_this_machine(origin->host))
    return no_address(text, "is another machine, to which a token must not go without TLS");
  const std::string base(without_slashes(*normal));
  return service_address{base, base};
}

result<batch_address> read_batch_address(std::string_view text) {
  std::string_view given = without_slashes(text);
  const std::size_t slash = given.rfind('/');
  const std::string_view id = slash == std::string_view::npos ? given : given.substr(slash + 1);
  if (slash == std::string_view::npos || !is_id(id))
    return make_failure(errc::config,
                        fmt::format("'{}' is not the address of a batch; expected URL/ID, as pofetch submit "
                                    "prints it.",
                                    core::mask_url(text)));
  given = without_slashes(given.substr(0, slash));
  constexpr std::string_view route = "/v1/batches";
  if (given.ends_with(route)) given.remove_suffix(route.size());
  auto service = read_service_address(given);
  if (!service) return service.error();
  return batch_address{std::move(*service), std::string(id)};
}

std::string service_address::curl(std::string_view route, std::string_view options) const {
  std::string text = "curl";
  if (!options.empty()) text += fmt::format(" {}", options);
  if (!unix_path.empty()) text += " --unix-socket " + shell_quoted(unix_path);
  return fmt::format("{} {}", text, shell_quoted(base + "/v1" + std::string(route)));
}

}  // namespace pofetch::cli
