#include "lists/text/text_reader.hpp"

#include "core/ascii.hpp"

#include <utility>

namespace pofetch::lists {

result<std::optional<record>> text_reader::next() {
  while (true) {
    auto line = lines_.next();
    if (!line) return line.error();
    if (!*line) return std::optional<record>();
    text_line& read = **line;
    const std::string_view text = core::trim(read.text);
    if (text.empty() || text.front() == '#') continue;
    record next;
    next.line = read.number;
    if (read.too_long) {
      next.problem = "Line " + std::to_string(read.number) + " is longer than 1 MiB and was not read.";
      next.cells.emplace_back();
    } else {
      next.cells.push_back(std::move(read.text));
    }
    return std::optional<record>(std::move(next));
  }
}

}  // namespace pofetch::lists
