#pragma once

#include <pofetch/error.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace doctest {

/// `CHECK(f())` on a result: a failure is printed with its word and sentence.
template <class T>
struct StringMaker<boost::system::result<T, pofetch::failure>> {
  static String convert(const boost::system::result<T, pofetch::failure>& outcome) {
    if (outcome.has_value()) return "a value";
    const std::string text = pofetch::code_word(outcome.error()) + ": " + outcome.error().message;
    return {text.c_str(), static_cast<String::size_type>(text.size())};
  }
};

}  // namespace doctest

namespace pofetch::test {

/// Takes the value, or ends the test with the failure's own words.
template <class T>
T must(result<T> outcome) {
  if (!outcome) FAIL(outcome.error().message);
  return std::move(*outcome);
}

inline void must(const result<void>& outcome) {
  if (!outcome) FAIL(outcome.error().message);
}

}  // namespace pofetch::test
