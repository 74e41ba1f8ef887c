#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::service {

/// Bounds of one head, the empty line included.
inline constexpr std::size_t max_head_bytes = 16U << 10;
inline constexpr std::size_t max_head_fields = 64;

enum class body_framing { none, length, chunked };

/// The head of a request, understood.
struct request_head {
  std::string method;
  /// As sent, but without scheme and authority of the absolute form.
  std::string target;
  bool http_1_0 = false;
  /// Names in lower case.
  std::vector<std::pair<std::string, std::string>> fields;
  body_framing framing = body_framing::none;
  std::uint64_t length = 0;
  bool keep_alive = true;
  bool expects_continue = false;

  /// Null: there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  /// Empty: there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const noexcept;
};

/// Why a head is refused; the connection is closed then, since nobody can say where the next one begins.
struct head_refusal {
  std::string_view slug;  ///< of a problem
  std::string detail;
};

struct head_reading {
  request_head head;
  /// Empty slug: it is good.
  head_refusal refused{};
  [[nodiscard]] bool good() const noexcept { return refused.slug.empty(); }
};

/// Reads a whole head, from the request line to the empty line (RFC 9112), and refuses whatever a proxy in
/// front may have understood in another way: lines that do not end in CR LF, folded lines, two fields where
/// one belongs, framing that contradicts itself, a Transfer-Encoding that is not `chunked` alone. Boost 1.81
/// takes several of these for good messages.
[[nodiscard]] head_reading read_head(std::string_view text);

/// What stands behind the size of a chunk: quoted strings with line feeds end in another place for others.
[[nodiscard]] bool good_chunk_extension(std::string_view text) noexcept;

}  // namespace pofetch::service
