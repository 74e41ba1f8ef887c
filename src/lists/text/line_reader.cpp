#include "lists/text/line_reader.hpp"

#include "core/unicode.hpp"
#include "lists/record_reader.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::lists {

void line_reader::add(std::string_view part, text_line& line) const {
  const std::size_t room = max_line_size - line.text.size();
  if (part.size() <= room) {
    line.text.append(part);
    return;
  }
  line.text.append(part.substr(0, line.too_long ? 0 : room));
  line.too_long = true;
}

result<std::optional<text_line>> line_reader::next() {
  text_line line;
  bool begun = false;
  while (true) {
    if (at_ == piece_.size()) {
      auto more = text_->read(piece_);
      if (!more) return more.error();
      at_ = 0;
      if (!*more) break;
    }
    if (std::exchange(after_cr_, false) && piece_[at_] == '\n') {
      ++at_;
      continue;
    }
    begun = true;
    const std::size_t end = std::min(piece_.find_first_of("\r\n", at_), piece_.size());
    add(std::string_view(piece_).substr(at_, end - at_), line);
    at_ = end;
    if (end == piece_.size()) continue;
    after_cr_ = piece_[at_++] == '\r';
    break;
  }
  if (!begun) return std::optional<text_line>();
  if (line.too_long) line.text = std::string(core::cut_utf8(line.text, max_line_size - 4));
  line.number = ++number_;
  return std::optional<text_line>(std::move(line));
}

}  // namespace pofetch::lists
