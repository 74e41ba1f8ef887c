#pragma once

#include "http/cookie.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pofetch::http {

/// One cookie as it stands in a file, usable or not.
struct cookie_entry {
  /// Its bytes in the text: a line with its end, or a JSON value.
  std::size_t begin = 0;
  std::size_t end = 0;
  /// `line 3`, `line 3, cookie 2`.
  std::string place{};
  /// As far as it could be read. The domain of a broken one, if it shows, says whose it is.
  cookie what{};
  /// Why it cannot be used, in words that do not show its value; empty: it can.
  std::string defect{};
  /// It is the form that is not understood, so that it may be the session itself.
  bool broken = false;
  /// Host of the site on whose pages alone the browser sends it; empty: on those of all.
  std::string partition{};
};

/// What the beginning of the text says.
enum class cookie_form {
  netscape,   ///< lines
  json_list,  ///< objects in an array
  json_map,   ///< one object: names and values, nothing else
};

/// All cookies of a text, in its order.
struct cookie_listing {
  cookie_form form = cookie_form::netscape;
  std::vector<cookie_entry> entries{};
  /// Where the first cookie would stand in a text that has none.
  std::size_t open = 0;
};

}  // namespace pofetch::http
