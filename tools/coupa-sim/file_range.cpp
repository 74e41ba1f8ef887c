#include "coupa-sim/file_range.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace coupa_sim {

void apply_range(site_reply& reply, std::string_view range, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (range.substr(0, unit.size()) != unit) return;
  range.remove_prefix(unit.size());
  const auto dash = range.find('-');
  std::uint64_t first = 0;
  std::uint64_t last = size == 0 ? 0 : size - 1;
  if (dash == std::string_view::npos || !parse_digits(range.substr(0, dash), first)) return;
  const std::string_view end = range.substr(dash + 1);
  std::uint64_t wanted_last = 0;
  if (!end.empty()) {
    if (!parse_digits(end, wanted_last) || wanted_last < first) return;
    last = std::min(last, wanted_last);
  }
  reply.chunked = false;
  if (first >= size) {
    reply.status = 416;
    reply.file.reset();
    reply.length = 0;
    reply.fields = fmt::format("Content-Range: bytes */{}\r\n", size);
    return;
  }
  reply.status = 206;
  reply.from = first;
  reply.length = last - first + 1;
  reply.fields += fmt::format("Content-Range: bytes {}-{}/{}\r\n", first, last, size);
}

}  // namespace coupa_sim
