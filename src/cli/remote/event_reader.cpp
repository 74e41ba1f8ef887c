#include "cli/remote/event_reader.hpp"

#include "core/ascii.hpp"

#include <cstddef>

namespace pofetch::cli {

namespace {

constexpr std::size_t most_bytes = 4U << 20;

}  // namespace

result<void> event_reader::feed(std::string_view bytes, const taker& take) {
  while (!bytes.empty()) {
    if (after_return_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_return_ = false;
    const std::size_t end = bytes.find_first_of("\r\n");
    line_ += bytes.substr(0, end);
    if (line_.size() + event_.data.size() > most_bytes)
      return make_failure(errc::protocol, "an event of more than 4 MiB came");
    if (end == std::string_view::npos) break;
    after_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    take_line(line_, take);
    line_.clear();
  }
  return {};
}

void event_reader::begin_again() {
  line_.clear();
  after_return_ = false;
  event_ = {};
  id_ = last_id_;
}

void event_reader::take_line(std::string_view line, const taker& take) {
  if (!line.empty()) {
    const std::size_t colon = line.find(':');
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return take_field(line.substr(0, colon), value);
  }
  last_id_ = id_;
  if (!event_.data.empty()) {
    event_.data.pop_back();  // the last line's end
    if (event_.name.empty()) event_.name = "message";
    take(event_);
  }
  event_ = {};
}

void event_reader::take_field(std::string_view name, std::string_view value) {
  if (name == "event") {
    event_.name = value;
  } else if (name == "data") {
    event_.data += value;
    event_.data += '\n';
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "retry") {
    constexpr std::uint64_t longest = 300'000;
    const auto span = core::parse_unsigned(value);
    if (span && *span <= longest) retry_ = std::chrono::milliseconds{*span};
  }
}

}  // namespace pofetch::cli
