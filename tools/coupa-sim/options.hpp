#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace coupa_sim {

/// How somebody signs in.
enum class sign_in_style {
  form,       ///< a form, which waits for a person
  automatic,  ///< the form fills in and sends itself, for browsers without a person
  sso,        ///< the same on another host (this server's other name), which leads back
};

/// How the site answers a request whose session is over.
enum class expiry_style {
  redirect,      ///< 302 to /sessions/new
  unauthorized,  ///< 401
  form,          ///< the sign-in form with status 200 at the wanted address
};

/// What the pages of POs and requisitions carry for clients that ask whether they have changed.
enum class page_validators { none, etag, modified, both };

/// Largest file that the site makes.
inline constexpr std::uint64_t largest_file = std::uint64_t{4} << 30;

/// Both ends belong to it.
struct range {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};

/// What the site is like. Everything that varies is drawn from `seed`, so that equal options give an
/// equal site. Percentages are whole numbers from 0 to 100.
struct options {
  std::uint16_t port = 0;  ///< 0: any free one
  unsigned threads = 1;
  bool plain_http = false;  ///< without TLS
  /// Folder for ca.pem, cookies.txt, client-secret, api-key and orders.csv; empty: none is written.
  std::filesystem::path dir{};
  bool write_expected = false;  ///< also expected.csv, with the SHA-256 of every file
  bool log = false;             ///< a line per request on standard error

  std::uint64_t seed = 1;
  std::uint64_t first_po = 7000001;
  std::uint64_t pos = 100;
  range attachments{1, 4};                  ///< per PO, not counting those of requisitions
  range size{10 * 1024, 100 * 1024};        ///< bytes of a file
  std::uint64_t page_padding = 0;           ///< bytes of order lines that a PO page carries besides
  unsigned not_found_percent = 0;           ///< POs that are not there or may not be seen
  unsigned empty_percent = 0;               ///< POs without attachments
  unsigned prefixed_percent = 0;            ///< POs that exist only as /order_headers/PO<n>
  unsigned requisition_percent = 0;         ///< POs with linked requisitions that carry files
  unsigned broken_requisition_percent = 0;  ///< of these, how many have one that cannot be read
  unsigned missing_file_percent = 0;        ///< listed files whose download is a 404
  unsigned redirect_percent = 0;            ///< downloads that redirect to "object storage"
  page_validators validators = page_validators::none;
  unsigned gzip_percent = 0;  ///< answers compressed for clients that accept it
  unsigned fail_percent = 0;  ///< answers that go wrong in some way

  std::chrono::milliseconds latency{0};   ///< before every answer
  std::chrono::milliseconds jitter{0};    ///< up to so much more
  std::chrono::milliseconds stall{2000};  ///< how long a stalled body (of fail_percent) hangs
  unsigned capacity = 0;                  ///< requests at work at once, the others stand in line; 0: no limit
  unsigned rate = 0;                      ///< requests per second before 429; 0: no limit
  unsigned rate_burst = 20;               ///< requests that may come at once all the same

  std::uint64_t expire_after = 0;  ///< a session lives so many requests; 0: for ever
  expiry_style expiry = expiry_style::redirect;
  sign_in_style sign_in = sign_in_style::form;
  unsigned slide_every = 10;   ///< every so many answers carry a newer cookie; 0: never
  unsigned slide_grace = 200;  ///< how many values later an old one is still good

  unsigned api_rate = 25;                      ///< API requests per second before 429; 0: no limit
  std::chrono::seconds token_seconds{86'399};  ///< how long an access token lives
  std::uint64_t token_requests = 0;            ///< it ends after so many requests besides; 0: never

  bool count_paths = true;  ///< keep a count per path (for /_sim/requests); grows with the site
};

/// One plain sentence on the first thing that makes no sense; empty if all is well.
[[nodiscard]] std::string complaint(const options& wanted);

/// Reads `10k`, `4-8`, `1M-2G` (k, M, G are powers of 1024; one number is both ends); nothing if the
/// text is something else.
[[nodiscard]] std::optional<range> parse_range(std::string_view text);

}  // namespace coupa_sim
