#include "storage/safe_path.hpp"

#include "core/ascii.hpp"
#include "core/file_name.hpp"

#include <fmt/format.h>

#include <string>

namespace pofetch::storage {
namespace {

bool is_safe_level(std::string_view level) {
  return !level.empty() && level != "." && level != ".." && level.size() <= core::max_name_bytes &&
         level.find('\0') == std::string_view::npos && level.find('/') == std::string_view::npos;
}

failure refused(std::string_view what, std::string_view path) {
  return make_failure(errc::permission,
                      fmt::format("{} may not stand in the output folder as a {} name.", shown(path), what));
}

}  // namespace

std::string shown(std::string_view path) {
  constexpr std::size_t most = 300;
  std::string text = "'";
  for (const char c : path.substr(0, most)) text += core::is_control(c) ? '?' : c;
  text += path.size() > most ? "...'" : "'";
  return text;
}

result<std::vector<std::string_view>> levels_of(std::string_view folder) {
  std::vector<std::string_view> levels = core::split(folder, '/').list();
  for (const std::string_view level : levels) {
    if (!is_safe_level(level)) return refused("folder", folder);
  }
  // In any case, for file systems that ignore it.
  if (levels.empty() || core::iequals(levels.front(), private_folder)) return refused("folder", folder);
  return levels;
}

result<void> check_name(std::string_view name) {
  if (!is_safe_level(name)) return refused("file", name);
  return {};
}

}  // namespace pofetch::storage
