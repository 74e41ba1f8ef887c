#include "settings/toml_text.hpp"

#include "core/ascii.hpp"
#include "core/quote.hpp"
#include "core/unicode.hpp"
#include "settings/units.hpp"

#include <fmt/format.h>

// Version 3.3 asserts, and lets the optimiser assume, what a damaged file does not hold (`[[ .`); each time
// it says what is wrong a few lines further on.
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

namespace pofetch::settings {

namespace {

failure at_line(std::size_t line, std::string_view why) {
  return make_failure(errc::config, fmt::format("line {}: {}", line, why));
}

template <class Value>
std::string streamed(const Value& value) {
  std::ostringstream text;
  text << value;
  return std::move(text).str();
}

/// Nothing for what has parts of its own.
std::optional<std::string> text_of(const toml::node& value) {
  if (const auto* text = value.as_string()) return text->get();
  if (const auto* number = value.as_integer()) return std::to_string(number->get());
  if (const auto* number = value.as_floating_point()) return format_number(number->get());
  if (const auto* truth = value.as_boolean()) return truth->get() ? "true" : "false";
  if (const auto* date = value.as_date()) return streamed(date->get());
  if (const auto* time = value.as_time()) return streamed(time->get());
  if (const auto* moment = value.as_date_time()) return streamed(moment->get());
  return std::nullopt;
}

/// Tables flattened. They sort their keys: the order of the text is made again by where each stands.
class flattened {
 public:
  result<void> add(const toml::table& from, const std::string& section) {
    for (const auto& [key, value] : from) {
      const std::string name(key.str());
      const toml::source_position at = key.source().begin;
      result<void> good;
      if (const auto* table = value.as_table())
        good = add(*table, section.empty() ? name : section + '.' + name);
      else
        good = add(at, {section, name, {}, value.is_array(), static_cast<int>(at.line)}, value);
      if (!good) return good;
    }
    return {};
  }

  std::vector<toml_entry> in_order() {
    std::sort(found_.begin(), found_.end(), [](const placed& a, const placed& b) {
      return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
    });
    std::vector<toml_entry> entries;
    for (placed& each : found_) entries.push_back(std::move(each.entry));
    return entries;
  }

 private:
  struct placed {
    toml::source_position at;
    toml_entry entry;
  };

  result<void> add(toml::source_position at, toml_entry entry, const toml::node& value) {
    if (const auto* list = value.as_array()) {
      for (const toml::node& element : *list) {
        auto text = text_of(element);
        if (!text)
          return at_line(at.line, fmt::format("the list '{}' may hold texts and numbers only", entry.key));
        entry.values.push_back(std::move(*text));
      }
    } else {
      entry.values.push_back(text_of(value).value_or(""));
    }
    found_.push_back({at, std::move(entry)});
    return {};
  }

  std::vector<placed> found_;
};

/// `web` of `source = web`: the usual slip, which the parser takes for a value of some other type.
std::string_view bare_word(std::string_view text, std::size_t line) {
  for (; line > 1 && !text.empty(); --line)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  text = text.substr(0, text.find_first_of("\r\n#"));
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {};
  const std::string_view word = core::trim(text.substr(equals + 1));
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return core::is_alnum(c) || std::string_view("-_.:/").find(c) != std::string_view::npos;
  });
  return plain && !toml::parse(fmt::format("value = {}", word)) ? word : std::string_view{};
}

}  // namespace

result<std::vector<toml_entry>> read_toml(std::string_view text) {
  if (!core::is_utf8(text) || text.find('\0') != std::string_view::npos)
    return at_line(1, "this is no UTF-8 text");
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const std::size_t line = parsed.error().source().begin.line;
    if (const std::string_view word = bare_word(text, line); !word.empty())
      return at_line(line, fmt::format("the text {} needs quotes: \"{}\"", word, word));
    std::string_view why = parsed.error().description();
    if (constexpr std::string_view lead = "Error while parsing "; why.starts_with(lead))
      why.remove_prefix(lead.size());
    return at_line(line, core::quote_for_message(why, 200));
  }
  flattened all;
  const result<void> good = all.add(parsed.table(), "");
  if (!good) return good.error();
  return all.in_order();
}

}  // namespace pofetch::settings
