#include "settings/set_option.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"
#include "settings/suggest.hpp"
#include "settings/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::settings {

namespace {

failure refused(std::string message) { return make_failure(errc::config, std::move(message)); }

failure unknown(std::string_view name) {
  std::string dashed(name);
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  const std::string_view meant = closest(dashed, setting_names());
  return refused(fmt::format(
      "There is no setting '{}'{}.", name,
      meant.empty() ? std::string() : fmt::format(" (did you mean {}?)", core::setting_name(meant))));
}

/// The value as a person would have written it.
struct as_texts {
  std::vector<std::string> operator()(bool value) const { return {value ? "true" : "false"}; }
  std::vector<std::string> operator()(std::int64_t value) const { return {std::to_string(value)}; }
  std::vector<std::string> operator()(double value) const { return {format_number(value)}; }
  std::vector<std::string> operator()(const std::string& value) const { return {value}; }
  std::vector<std::string> operator()(const std::vector<std::string>& values) const { return values; }
};

}  // namespace

std::vector<std::string> pieces_of(const setting& which, const std::vector<std::string>& values) {
  if (which.kind != setting_kind::list || which.separator == '\0') return values;
  std::vector<std::string> all;
  for (const std::string& value : values) {
    for (const std::string_view piece : core::split(value, which.separator)) {
      if (const std::string_view trimmed = core::trim(piece); !trimmed.empty()) all.emplace_back(trimmed);
    }
  }
  return all;
}

result<void> apply_texts(const setting& which, const std::vector<std::string>& values, std::string_view where,
                         options& into) {
  const std::vector<std::string> wanted = pieces_of(which, values);
  if (wanted.empty() && which.kind != setting_kind::list) return {};
  const result<void> done = which.apply(wanted, into);
  if (done) return {};
  const std::string place = where.empty() ? std::string() : fmt::format(" ({})", where);
  return refused(fmt::format("{}{}: {}.", core::setting_name(which.name), place, done.error().message));
}

result<void> set_option(std::string_view name, const option_value& value, options& into) {
  const setting* const which = find_setting(name);
  if (which == nullptr) return unknown(name);
  const bool list = std::holds_alternative<std::vector<std::string>>(value);
  if (list && which->kind != setting_kind::list)
    return refused(fmt::format("{}: expected one value, not a list.", core::setting_name(which->name)));
  return apply_texts(*which, std::visit(as_texts{}, value), {}, into);
}

}  // namespace pofetch::settings
