#pragma once

#include <pofetch/transport.hpp>

#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// Where the body of an API answer goes: it is parsed as it arrives, within bounds of depth and memory. A
/// body that is no JSON is no failure of the exchange; the caller judges what came. One object an
/// exchange.
class json_body final : public body_sink {
 public:
  /// Memory for one parsed answer. A hostile answer of 16 MiB could take thirty times its size.
  static constexpr std::size_t most_memory = 128U << 20;
  static constexpr std::size_t deepest = 32;
  /// Bytes kept of a body that is no JSON, to tell what it is.
  static constexpr std::size_t most_kept = 64U << 10;

  json_body();

  result<void> begin(const http_response& head) override;
  /// Failure too_large: the answer takes more memory than an answer may.
  result<void> write(std::span<const std::byte> bytes) override;

  /// After the exchange: the whole body as JSON, if it is that, whatever its type says. Call once.
  [[nodiscard]] std::optional<boost::json::value> take();

  /// Beginning of a body that was not announced as JSON.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  boost::json::stream_parser parser_;
  bool announced_ = false;  ///< as JSON
  bool begun_ = false;
  bool broken_ = false;
  std::string text_;
};

/// A member as text, if it is a text or a whole number; empty if not.
[[nodiscard]] std::string text_of(const boost::json::object& from, std::string_view name);

/// Null if there is no such object.
[[nodiscard]] const boost::json::object* object_of(const boost::json::object& from, std::string_view name);
[[nodiscard]] const boost::json::array* array_of(const boost::json::object& from, std::string_view name);

/// The first text anywhere in the value: where it is an error answer, the one worth showing.
[[nodiscard]] std::string first_text(const boost::json::value& from);

}  // namespace pofetch::sources
