#include "coupa-sim/times.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <iomanip>
#include <locale>
#include <sstream>

namespace coupa_sim {
namespace {

constexpr int minute = 60;
constexpr int seconds_an_hour = 60 * minute;

/// Reads the front of `text` by a format of strptime; `rest` is what follows.
std::optional<std::time_t> read_time(std::string_view text, const char* format, std::string& rest) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  std::tm parts{};
  in >> std::get_time(&parts, format);
  if (!in) return std::nullopt;
  std::getline(in, rest, '\0');
  return ::timegm(&parts);
}

/// `+02:00` or `-0300` in seconds.
std::optional<int> offset_of(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  // A plus that was not encoded in a query has become a space.
  const bool east = text.front() == '+' || text.front() == ' ';
  if (!east && text.front() != '-') return std::nullopt;
  std::string digits;
  for (const char c : text.substr(1))
    if (c != ':') digits += c;
  if (digits.size() != 4 || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const int span = std::stoi(digits.substr(0, 2)) * seconds_an_hour + std::stoi(digits.substr(2)) * minute;
  return east ? span : -span;
}

}  // namespace

std::string rfc3339(std::time_t when) { return fmt::format("{:%Y-%m-%dT%H:%M:%S}+00:00", fmt::gmtime(when)); }

std::optional<std::time_t> parse_rfc3339(std::string_view text) {
  constexpr std::string_view date = "2024-01-31";
  constexpr std::string_view midnight = "T00:00:00";
  // A date alone is its first moment.
  const std::string whole = std::string(text) + std::string(text.size() == date.size() ? midnight : "");
  if (whole.size() < date.size() + midnight.size()) return std::nullopt;
  std::string rest;
  const auto local = read_time(whole, "%Y-%m-%dT%H:%M:%S", rest);
  if (!local) return std::nullopt;
  if (!rest.empty() && rest.front() == '.') rest.erase(0, rest.find_first_not_of("0123456789", 1));
  const auto offset = offset_of(rest);
  if (!offset) return std::nullopt;
  return *local - *offset;
}

std::string http_date(std::time_t when) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(when));
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
  std::string rest;
  const auto when = read_time(text, "%a, %d %b %Y %H:%M:%S", rest);
  return rest == " GMT" ? when : std::nullopt;
}

}  // namespace coupa_sim
