#include "core/consequence.hpp"

#include <pofetch/error.hpp>

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace pofetch {
failure make_failure(errc code, std::string message) { return {code, 0, std::move(message), {}}; }

std::string_view to_string(errc code) noexcept { return core::consequence_of(code).word; }

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
  for (const core::consequence& entry : core::consequences()) {
    if (entry.word != word || entry.code == errc::http_status) continue;
    return {entry.code, entry.code == errc::rate_limited ? 429 : 0, std::move(message), {}};
  }
  return make_failure(errc::internal, std::move(message));
}

error_kind kind_of(errc code) noexcept { return core::consequence_of(code).kind; }

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
