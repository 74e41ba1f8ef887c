#include <pofetch/error.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace pofetch {
namespace {

struct errc_entry {
  errc code;
  std::string_view word;
  error_kind kind;
};

constexpr std::array<errc_entry, 26> codes{{
    {errc::timeout, "timeout", error_kind::network},
    {errc::connection, "connection", error_kind::network},
    {errc::tls, "tls", error_kind::security},
    {errc::http_status, "http", error_kind::remote},
    {errc::rate_limited, "rate_limited", error_kind::remote},
    {errc::truncated, "truncated", error_kind::network},
    {errc::digest_mismatch, "digest_mismatch", error_kind::content},
    {errc::unexpected_content, "unexpected_content", error_kind::content},
    {errc::too_large, "too_large", error_kind::content},
    {errc::too_many_redirects, "too_many_redirects", error_kind::remote},
    {errc::blocked_redirect, "blocked_redirect", error_kind::security},
    {errc::protocol, "protocol", error_kind::remote},
    {errc::session_expired, "session_expired", error_kind::session},
    {errc::not_found, "not_found", error_kind::remote},
    {errc::not_a_file, "not_a_file", error_kind::content},
    {errc::disk, "disk", error_kind::machine},
    {errc::disk_full, "disk_full", error_kind::machine},
    {errc::permission, "permission", error_kind::machine},
    // One name in one folder: no reason to think that the machine is at fault.
    {errc::exists, "exists", error_kind::content},
    {errc::locked, "locked", error_kind::machine},
    {errc::ledger, "ledger", error_kind::machine},
    {errc::input, "input", error_kind::usage},
    {errc::config, "config", error_kind::usage},
    {errc::unsupported, "unsupported", error_kind::usage},
    {errc::cancelled, "cancelled", error_kind::cancelled},
    {errc::internal, "internal", error_kind::internal},
}};

const errc_entry& entry_of(errc code) noexcept {
  for (const auto& entry : codes) {
    if (entry.code == code) return entry;
  }
  return codes.back();
}

}  // namespace

failure make_failure(errc code, std::string message) { return {code, 0, std::move(message), {}}; }

std::string_view to_string(errc code) noexcept { return entry_of(code).word; }

std::string code_word(const failure& f) {
  if (f.code == errc::http_status) return fmt::format("http_{}", f.http_status);
  return std::string(to_string(f.code));
}

failure failure_from_word(std::string_view word, std::string message) {
  constexpr std::string_view http = "http_";
  if (word.substr(0, http.size()) == http) {
    int status = 0;
    const char* const end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data() + http.size(), end, status);
    if (parsed.ec == std::errc{} && parsed.ptr == end && status >= 0 && status <= 999) {
      return {errc::http_status, status, std::move(message), {}};
    }
    return make_failure(errc::internal, std::move(message));
  }
  for (const auto& entry : codes) {
    if (entry.word != word || entry.code == errc::http_status) continue;
    return {entry.code, entry.code == errc::rate_limited ? 429 : 0, std::move(message), {}};
  }
  return make_failure(errc::internal, std::move(message));
}

error_kind kind_of(errc code) noexcept { return entry_of(code).kind; }

std::string_view to_string(error_kind kind) noexcept {
  switch (kind) {
    case error_kind::network:
      return "network";
    case error_kind::remote:
      return "remote";
    case error_kind::content:
      return "content";
    case error_kind::security:
      return "security";
    case error_kind::session:
      return "session";
    case error_kind::machine:
      return "machine";
    case error_kind::usage:
      return "usage";
    case error_kind::cancelled:
      return "cancelled";
    case error_kind::internal:
      return "internal";
  }
  return "internal";
}

void throw_exception_from_error(const failure& f, const boost::source_location& where) {
  throw std::runtime_error(
      fmt::format("{}: {} ({}:{})", code_word(f), f.message, where.file_name(), where.line()));
}

}  // namespace pofetch
