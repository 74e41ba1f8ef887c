#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <ios>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch {

/// Every way in which something can fail. The words (see `code_word`) stand in reports and are used
/// by scripts: never rename one. What each of them means everywhere stands in src/core/consequence.cpp.
enum class errc {
  timeout,             ///< a deadline passed: connect, idle or whole request
  connection,          ///< no address, refused, reset, closed before the answer
  tls,                 ///< handshake or certificate; never tried again
  http_status,         ///< an answer that is no success; the word is `http_<status>`
  rate_limited,        ///< 429 until the tries ran out
  truncated,           ///< the body ended before HTTP says it does
  digest_mismatch,     ///< a digest or size that the server or source announced does not hold
  unexpected_content,  ///< a sign-in or error page, another PO's page, wrong leading bytes
  too_large,           ///< above `max_file_size` or the page bound
  too_many_redirects,  ///< more than 10 hops
  blocked_redirect,    ///< to plain HTTP or to a loopback, link-local or private address
  protocol,            ///< what comes is not HTTP or breaks its rules
  session_expired,     ///< signing in is needed
  not_found,           ///< the system says there is no such PO, or it may not be seen
  not_a_file,          ///< 204, or an attachment that carries no file
  disk,                ///< writing, syncing or renaming failed on this machine
  disk_full,           ///< ENOSPC or EDQUOT
  permission,          ///< the operating system refuses
  exists,              ///< the name is taken by a file that is not this batch's
  locked,              ///< another run holds the output folder
  ledger,              ///< the ledger cannot be read or written
  input,               ///< the list of purchase orders cannot be used
  config,              ///< an option or setting that cannot be used
  unsupported,         ///< known, but not possible with this build
  cancelled,           ///< stopped by the user before it was finished
  internal,            ///< a bug; please report it. Stays the last one
};

/// Coarse kinds: metrics labels, and what the exit state is computed from.
enum class error_kind { network, remote, content, security, session, machine, usage, cancelled, internal };

/// One expected failure, carried as a value up to the record of the attachment or PO.
struct failure {
  errc code = errc::internal;
  /// HTTP status for `errc::http_status` and `errc::rate_limited`, else 0.
  int http_status = 0;
  /// One sentence for a person: what, where, how long, which limit. Never a secret: URLs in it have
  /// passed `core::mask_url`.
  std::string message;
  /// What the server asked to wait (Retry-After, RFC 9110 10.2.3), if it did.
  std::optional<std::chrono::milliseconds> retry_after{};
};

/// A value or a failure.
template <class T>
using result = boost::system::result<T, failure>;

/// Makes a failure without HTTP status.
[[nodiscard]] failure make_failure(errc code, std::string message);

/// The lower-case word of a code, without the status: `timeout`, `digest_mismatch`, `http`.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// The word that stands in reports: `timeout`, `http_404`, ...
[[nodiscard]] std::string code_word(const failure& f);

/// The inverse of `code_word`, for records read back from the ledger. Unknown words give `internal`.
[[nodiscard]] failure failure_from_word(std::string_view word, std::string message);

[[nodiscard]] error_kind kind_of(errc code) noexcept;
[[nodiscard]] std::string_view to_string(error_kind kind) noexcept;

/// `timeout: no byte for 30 s`, for logs and tests.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const failure& f) {
  const std::string text = code_word(f) + ": " + f.message;
  return out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// Called by `result<T>::value()` on a failure: throws std::runtime_error with code and message.
[[noreturn]] void throw_exception_from_error(const failure& f, const boost::source_location& where);

}  // namespace pofetch
