#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How values go to the server and come back: all as text.

namespace pofetch::postgres {

/// Texts come from outside and may be no UTF-8, or hold a zero, which the server refuses. Every byte that it
/// would not take, and U+001A itself, becomes U+001A and two hexadecimal digits; all other text stays as it
/// is. Two texts are the same only if they were the same before.
[[nodiscard]] std::string to_wire(std::string_view text);
/// The inverse.
[[nodiscard]] std::string from_wire(std::string_view text);

/// One column of many rows, as an array literal for `unnest`.
class column {
 public:
  void add(std::int64_t value);
  void add(int value) { add(static_cast<std::int64_t>(value)); }
  void add(std::uint64_t value);
  void add(std::string_view value);
  void add_null();
  template <class Value>
  void add(const std::optional<Value>& value) {
    if (value)
      add(*value);
    else
      add_null();
  }
  [[nodiscard]] std::string literal() const { return text_ + '}'; }

 private:
  void begin();
  std::string text_ = "{";
};

/// A statement and its parameters $1, $2, ...
class command {
 public:
  using value = std::optional<std::string>;

  template <class... Values>
  explicit command(std::string_view sql, const Values&... values) : sql_(sql) {
    (add(values), ...);
  }

  command& add(std::int64_t number);
  command& add(int number) { return add(static_cast<std::int64_t>(number)); }
  /// Numbers that the server cannot hold go as its largest.
  command& add(std::uint64_t number);
  command& add(double number);
  command& add(bool truth);
  command& add(std::string_view text);
  command& add(const std::string& text) { return add(std::string_view(text)); }
  command& add(const char* text) { return add(std::string_view(text)); }
  command& add(std::nullopt_t);
  command& add(const column& many);
  template <class Value>
  command& add(const std::optional<Value>& maybe) {
    return maybe ? add(*maybe) : add(std::nullopt);
  }

  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
  [[nodiscard]] const std::vector<value>& values() const noexcept { return values_; }

 private:
  std::string sql_;
  std::vector<value> values_;
};

}  // namespace pofetch::postgres
