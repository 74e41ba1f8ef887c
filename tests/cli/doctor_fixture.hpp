#pragma once

#include "cli/program.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace pofetch::test {

/// What the program found, as machines see it.
struct found {
  explicit found(const ended& done) : whole(boost::json::parse(done.out)) {
    CHECK(whole.at("schema").as_string() == "pofetch.doctor/1");
    CHECK(whole.at("exit_state").as_int64() == done.status);
  }
  /// `OK`, `WARN`, `FAIL`; empty: that was not looked at.
  [[nodiscard]] std::string level(std::string_view check) const { return of(check, "level"); }
  /// Of several findings on the same thing the one that is a FAIL counts, else the first.
  [[nodiscard]] std::string of(std::string_view check, std::string_view member) const {
    std::string first;
    for (const boost::json::value& each : whole.at("findings").as_array()) {
      if (each.at("check").as_string() != check) continue;
      const std::string said(each.at(member).as_string());
      if (each.at("level").as_string() == "FAIL") return said;
      if (first.empty()) first = said;
    }
    return first;
  }
  boost::json::value whole;
};

[[nodiscard]] inline words doctor_line(const words& more) {
  words line{"doctor", "--json"};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

}  // namespace pofetch::test
