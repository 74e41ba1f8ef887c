#include "core/http_date.hpp"

#include "core/ascii.hpp"

#include <array>

namespace pofetch::core {
namespace {

using std::chrono::system_clock;

/// Reads a fixed form from left to right; `good` turns false at the first thing that is not there.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  void literal(std::string_view expected) {
    good_ = good_ && rest_.substr(0, expected.size()) == expected;
    if (good_) rest_.remove_prefix(expected.size());
  }

  int number(std::size_t digits) {
    good_ = good_ && rest_.size() >= digits;
    int value = 0;
    for (std::size_t i = 0; good_ && i < digits; ++i) {
      good_ = is_digit(rest_[i]);
      value = value * 10 + (rest_[i] - '0');
    }
    if (good_) rest_.remove_prefix(digits);
    return value;
  }

  /// asctime fills a day below 10 with a space.
  int padded_day() {
    if (!good_ || rest_.substr(0, 1) != " ") return number(2);
    rest_.remove_prefix(1);
    return number(1);
  }

  /// One of the names; its position from 0.
  template <std::size_t N>
  unsigned word(const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; good_ && i < N; ++i) {
      if (!istarts_with(rest_, names[i])) continue;
      rest_.remove_prefix(names[i].size());
      return static_cast<unsigned>(i);
    }
    good_ = false;
    return 0;
  }

  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

constexpr std::array<std::string_view, 7> day_names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_day_names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                         "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct fields {
  int year = 0;
  unsigned month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

void read_time(reader& in, fields& f) {
  f.hour = in.number(2);
  in.literal(":");
  f.minute = in.number(2);
  in.literal(":");
  f.second = in.number(2);
}

std::optional<fields> read_imf_fixdate(std::string_view text) {
  reader in(text);
  fields f;
  in.word(day_names);
  in.literal(", ");
  f.day = in.number(2);
  in.literal(" ");
  f.month = in.word(month_names) + 1;
  in.literal(" ");
  f.year = in.number(4);
  in.literal(" ");
  read_time(in, f);
  in.literal(" GMT");
  return in.done() ? std::optional(f) : std::nullopt;
}

std::optional<fields> read_asctime(std::string_view text) {
  reader in(text);
  fields f;
  in.word(day_names);
  in.literal(" ");
  f.month = in.word(month_names) + 1;
  in.literal(" ");
  f.day = in.padded_day();
  in.literal(" ");
  read_time(in, f);
  in.literal(" ");
  f.year = in.number(4);
  return in.done() ? std::optional(f) : std::nullopt;
}

std::optional<fields> read_rfc850(std::string_view text, int present_year) {
  reader in(text);
  fields f;
  in.word(long_day_names);
  in.literal(", ");
  f.day = in.number(2);
  in.literal("-");
  f.month = in.word(month_names) + 1;
  in.literal("-");
  f.year = present_year - present_year % 100 + in.number(2);
  in.literal(" ");
  read_time(in, f);
  in.literal(" GMT");
  if (f.year > present_year + 50) f.year -= 100;
  return in.done() ? std::optional(f) : std::nullopt;
}

std::optional<system_clock::time_point> to_time(const fields& f) {
  using namespace std::chrono;
  const year_month_day date{year(f.year), month(f.month), day(static_cast<unsigned>(f.day))};
  // Second 60 is a leap second.
  if (!date.ok() || f.year < 1601 || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
  const auto since_1970 =
      sys_days(date).time_since_epoch() + hours(f.hour) + minutes(f.minute) + seconds(f.second);
  // Beyond what the clock can hold (year 2262 with nanoseconds) is as good as for ever.
  if (since_1970 > floor<seconds>(system_clock::duration::max())) return system_clock::time_point::max();
  if (since_1970 < ceil<seconds>(system_clock::duration::min())) return system_clock::time_point::min();
  return system_clock::time_point(since_1970);
}

}  // namespace

std::optional<system_clock::time_point> parse_http_date(std::string_view text, system_clock::time_point now) {
  using namespace std::chrono;
  const std::string_view value = trim(text);
  auto found = read_imf_fixdate(value);
  if (!found) found = read_asctime(value);
  if (!found) {
    const year_month_day today(floor<days>(now));
    found = read_rfc850(value, static_cast<int>(today.year()));
  }
  return found ? to_time(*found) : std::nullopt;
}

}  // namespace pofetch::core
