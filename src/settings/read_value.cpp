#include "settings/read_value.hpp"

#include "core/ascii.hpp"
#include "engine/source_facts.hpp"
#include "settings/setting.hpp"
#include "settings/units.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <vector>

namespace pofetch::settings {

namespace {

template <class T>
struct word {
  std::string_view text;
  T value;
};

constexpr std::array durability_words{word<durability>{"file", durability::file},
                                      word<durability>{"batch", durability::batch},
                                      word<durability>{"none", durability::none}};
constexpr std::array progress_words{
    word<progress_mode>{"auto", progress_mode::automatic}, word<progress_mode>{"bar", progress_mode::bar},
    word<progress_mode>{"plain", progress_mode::plain}, word<progress_mode>{"json", progress_mode::json},
    word<progress_mode>{"none", progress_mode::none}};
constexpr std::array expiry_words{word<expiry_action>{"exit", expiry_action::exit},
                                  word<expiry_action>{"wait", expiry_action::wait},
                                  word<expiry_action>{"login", expiry_action::login}};
constexpr std::array hash_words{word<bool>{"sha256", true}, word<bool>{"none", false}};

template <class T, class Words>
result<void> choose(std::string_view text, const Words& words, T& into) {
  std::string list;
  for (const word<T>& each : words) {
    if (each.text == text) {
      into = each.value;
      return {};
    }
    list += list.empty() ? "" : (&each == &words.back() ? " or " : ", ");
    list += each.text;
  }
  return make_failure(errc::config, fmt::format("expected {}, not '{}'", list, text));
}

std::vector<word<source_kind>> source_words() {
  std::vector<word<source_kind>> words{{source_kind().word(), source_kind()}};
  for (const source_kind each : engine::offered_sources()) words.push_back({each.word(), each});
  return words;
}

template <class T, std::size_t N>
std::string chosen(T value, const std::array<word<T>, N>& words) {
  for (const word<T>& each : words) {
    if (each.value == value) return std::string(each.text);
  }
  return {};
}

template <class T, class Into>
result<void> keep(result<T> parsed, Into& into) {
  if (!parsed) return parsed.error();
  into = *parsed;
  return {};
}

}  // namespace

result<void> read_value(std::string_view text, unsigned& into) {
  const result<std::uint64_t> count = parse_count(text);
  if (!count) return count.error();
  if (*count > std::numeric_limits<unsigned>::max()) {
    return make_failure(errc::config, fmt::format("the number {} is too large", text));
  }
  into = static_cast<unsigned>(*count);
  return {};
}

result<void> read_value(std::string_view text, std::uint64_t& into) { return keep(parse_bytes(text), into); }

result<void> read_value(std::string_view text, double& into) { return keep(parse_rate(text), into); }

result<void> read_value(std::string_view text, std::chrono::milliseconds& into) {
  return keep(parse_duration(text), into);
}

result<void> read_value(std::string_view text, bool& into) { return keep(parse_boolean(text), into); }

result<void> read_value(std::string_view text, std::string& into) {
  into = text;
  return {};
}

result<void> read_value(std::string_view text, std::filesystem::path& into) {
  if (text.empty()) return make_failure(errc::config, "expected a file name, not an empty text");
  into = text;
  return {};
}

result<void> read_value(std::string_view text, durability& into) {
  return choose(text, durability_words, into);
}

result<void> read_value(std::string_view text, source_kind& into) {
  return choose(text, source_words(), into);
}

result<void> read_value(std::string_view text, progress_mode& into) {
  return choose(text, progress_words, into);
}

result<void> read_value(std::string_view text, expiry_action& into) {
  return choose(text, expiry_words, into);
}

result<void> read_refresh(std::string_view text, std::optional<std::chrono::milliseconds>& into) {
  const std::string word = core::to_lower(core::trim(text));
  if (word == standing_alone || word == "true" || word == "yes" || word == "on") {
    into = std::chrono::milliseconds{0};
    return {};
  }
  if (word == "off" || word == "false" || word == "no" || word == "none" || word.empty()) {
    into.reset();
    return {};
  }
  return keep(parse_age(text), into);
}

std::string show_refresh(const std::optional<std::chrono::milliseconds>& value) {
  if (!value) return {};
  if (value->count() == 0) return std::string(standing_alone);
  constexpr std::chrono::hours day{24};
  if (*value % day == std::chrono::milliseconds{0}) return fmt::format("{}d", *value / day);
  const std::chrono::hours hour{1};
  return *value % hour == std::chrono::milliseconds{0} ? fmt::format("{}h", *value / hour)
                                                       : format_duration(*value);
}

result<void> read_keep(std::string_view text, std::chrono::milliseconds& into) {
  if (core::trim(text) != "0") return keep(parse_age(text), into);
  into = std::chrono::milliseconds{0};
  return {};
}

std::string show_keep(std::chrono::milliseconds value) {
  return value.count() == 0 ? "0" : show_refresh(value);
}

result<void> read_hash(std::string_view text, bool& into) { return choose(text, hash_words, into); }

std::string show_value(unsigned value) { return std::to_string(value); }
std::string show_value(std::uint64_t value) { return format_bytes(value); }
std::string show_value(double value) { return format_rate(value); }
std::string show_value(std::chrono::milliseconds value) { return format_duration(value); }
std::string show_value(bool value) { return value ? "true" : "false"; }
std::string show_value(const std::string& value) { return value; }
std::string show_value(const std::filesystem::path& value) { return value.string(); }
std::string show_value(durability value) { return chosen(value, durability_words); }
std::string show_value(source_kind value) { return std::string(value.word()); }
std::string show_value(progress_mode value) { return chosen(value, progress_words); }
std::string show_value(expiry_action value) { return chosen(value, expiry_words); }
std::string show_hash(bool value) { return chosen(value, hash_words); }

}  // namespace pofetch::settings
