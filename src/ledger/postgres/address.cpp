#include "ledger/postgres/address.hpp"

#include "core/ascii.hpp"
#include "ledger/postgres/libpq.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <sys/stat.h>

namespace pofetch::postgres {
namespace {

using settings = std::map<std::string, std::string>;

/// Its own words for a text that it cannot read repeat the text, password and all: they are never shown.
result<settings> parse(std::string_view text) {
  if (auto loaded = load_libpq(); !loaded) return loaded.error();
  char* words = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      PQconninfoParse(std::string(text).c_str(), &words), PQconninfoFree);
  PQfreemem(words);
  if (!parsed)
    return make_failure(errc::config,
                        "The address of the ledger cannot be read: give postgresql://HOST[:PORT]/DB "
                        "(user=NAME behind a ? if need be).");
  settings given;
  for (const PQconninfoOption* each = parsed.get(); each->keyword != nullptr; ++each)
    if (each->val != nullptr) given[each->keyword] = each->val;
  return given;
}

std::string value_of(const settings& given, const char* keyword, const char* variable) {
  const auto found = given.find(keyword);
  if (found != given.end() && !found->second.empty()) return found->second;
  const char* set = std::getenv(variable);
  return set == nullptr ? std::string() : std::string(set);
}

bool is_this_machine(std::string_view host) {
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" || host == "::1" ||
         host.substr(0, 4) == "127.";
}

/// Of several hosts every one counts.
bool stays_here(const settings& given) {
  std::string hosts = value_of(given, "hostaddr", "PGHOSTADDR");
  if (hosts.empty()) hosts = value_of(given, "host", "PGHOST");
  if (hosts.empty() && given.count("service") != 0) return false;
  for (std::size_t from = 0; from <= hosts.size();) {
    const std::size_t to = std::min(hosts.find(',', from), hosts.size());
    if (!is_this_machine(std::string_view(hosts).substr(from, to - from))) return false;
    from = to + 1;
  }
  return true;
}

bool is_there(const std::string& file) {
  struct stat facts {};
  return ::stat(file.c_str(), &facts) == 0;
}

/// What libpq takes where nothing is said, and else what the system trusts.
std::string root_certificates() {
  const char* home = std::getenv("HOME");
  if (home != nullptr && is_there(std::string(home) + "/.postgresql/root.crt")) return {};
  for (const char* bundle : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"})
    if (is_there(bundle)) return bundle;
  return {};
}

result<void> secure(settings& given) {
  if (stays_here(given)) return {};
  std::string& mode = given["sslmode"];
  if (mode == "disable" || mode == "allow" || mode == "prefer")
    return make_failure(
        errc::config,
        fmt::format("The address of the ledger asks for sslmode={}, with which others could read and change "
                    "what goes to another machine: leave it out (it is verify-full).",
                    mode));
  if (mode.empty()) mode = "verify-full";
  if (given.count("sslrootcert") == 0 && std::getenv("PGSSLROOTCERT") == nullptr) {
    if (const std::string roots = root_certificates(); !roots.empty()) given["sslrootcert"] = roots;
  }
  return {};
}

std::string show(const settings& given) {
  const auto part = [&given](const char* keyword) {
    const auto found = given.find(keyword);
    return found == given.end() ? std::string() : found->second;
  };
  const std::string host = part("host").empty() ? part("hostaddr") : part("host");
  const std::string port = part("port").empty() ? std::string() : ":" + part("port");
  return fmt::format("postgresql://{}{}/{}", host, port, part("dbname"));
}

}  // namespace

result<address> address::read(std::string_view text) {
  auto given = parse(text);
  if (!given) return given.error();
  if (auto safe = secure(*given); !safe) return safe.error();
  address made;
  made.shown_ = show(*given);
  // What a server may not answer in time: half a minute is long for any lease.
  const std::array<std::pair<const char*, const char*>, 5> usual{{{"keepalives_idle", "5"},
                                                                  {"keepalives_interval", "2"},
                                                                  {"keepalives_count", "3"},
                                                                  {"tcp_user_timeout", "10000"},
                                                                  {"fallback_application_name", "pofetch"}}};
  for (const auto& [keyword, value] : usual) given->try_emplace(keyword, value);
  (*given)["gssencmode"] = "disable";
  (*given)["client_encoding"] = "UTF8";
  for (const auto& each : *given)
    if (!each.second.empty()) made.parameters_.emplace_back(each);
  return made;
}

bool has_password(std::string_view text) {
  const std::string lower = core::to_lower(text);
  if (lower.find("password=") != std::string::npos || lower.find("password =") != std::string::npos ||
      lower.find("%70assword=") != std::string::npos)
    return true;
  if (const auto given = parse(text); given && given->count("password") != 0) return true;
  // Between user and host, wherever a text that cannot be read has them.
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = text.substr(scheme + 3);
  const std::size_t at = rest.rfind('@');
  return at != std::string_view::npos && rest.substr(0, at).find(':') != std::string_view::npos;
}

}  // namespace pofetch::postgres
