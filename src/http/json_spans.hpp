#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// Bytes of a text.
struct text_span {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

/// One member of a JSON object.
struct json_member {
  text_span name;  ///< with its quotes
  text_span value;
};

// Where things stand in a text that is known to be JSON, so that a part of it can be replaced and the rest
// stays as it is, byte for byte.

/// The value that begins at `at` or behind the white space there.
[[nodiscard]] text_span json_value_at(std::string_view text, std::size_t at);

/// The values of the array that stands there.
[[nodiscard]] std::vector<text_span> json_elements(std::string_view text, text_span array);

/// The members of the object that stands there.
[[nodiscard]] std::vector<json_member> json_members(std::string_view text, text_span object);

/// The value of the last member of that name (as it is written, between quotes).
[[nodiscard]] std::optional<text_span> json_member_named(std::string_view text, text_span object,
                                                         std::string_view name);

}  // namespace pofetch::http
