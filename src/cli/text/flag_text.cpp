#include "cli/text/flag_text.hpp"

#include <algorithm>

namespace pofetch::cli {

std::string flag_text(std::string_view name, std::string_view value) {
  std::string flag = "--";
  flag += name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  if (!value.empty()) flag.append(1, ' ').append(value);
  return flag;
}

}  // namespace pofetch::cli
