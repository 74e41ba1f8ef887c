#include "core/file_title.hpp"

#include "core/ascii.hpp"
#include "core/content_disposition.hpp"
#include "core/file_name.hpp"
#include "core/percent.hpp"
#include "core/unicode.hpp"
#include "core/url.hpp"
#include "core/url_parts.hpp"

#include <algorithm>

namespace pofetch::core {
namespace {

/// A value of a query, which may be written as a form's: `+` for a space.
std::string decode_value(std::string_view value) {
  std::string text(value);
  std::replace(text.begin(), text.end(), '+', ' ');
  return decode_percent(text);
}

/// A name without a folder before it; nothing if it has no extension, since what is called `filename` may be
/// anything.
std::optional<std::string> plain_name(std::string_view value) {
  const std::string text = to_utf8(decode_value(value));
  const std::size_t slash = text.find_last_of("/\\");
  std::string name(trim(std::string_view(text).substr(slash == std::string::npos ? 0 : slash + 1)));
  if (split_extension(name).extension.empty()) return std::nullopt;
  return name;
}

}  // namespace

std::optional<std::string> name_in_query(std::string_view url) {
  const auto query = split_url(url).query;
  if (!query) return std::nullopt;
  std::optional<std::string> plain;
  for (const std::string_view text : split(*query, '&')) {
    const url_param param = split_param(text);
    if (!param.value || param.value->empty()) continue;
    const std::string key = to_lower(decode_percent(param.name));
    if (key == "response-content-disposition" || key == "rscd")
      if (auto name = filename_from(decode_value(*param.value))) return name;
    if (!plain && (key == "filename" || key == "file_name" || key == "attname"))
      plain = plain_name(*param.value);
  }
  return plain;
}

std::string file_title(const name_sources& known) {
  if (auto name = filename_from(known.disposition)) return std::move(*name);
  if (!known.listed.empty()) return std::string(known.listed);
  if (auto name = name_in_query(known.answered)) return std::move(*name);
  if (auto name = name_in_query(known.asked)) return std::move(*name);
  return last_path_segment(known.asked);
}

}  // namespace pofetch::core
