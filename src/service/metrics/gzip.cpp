#include "service/metrics/gzip.hpp"

#include "core/ascii.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace pofetch::service {

namespace {

/// `;q=0`, `; q=0.000`
bool is_refused(std::string_view parameters) {
  for (const std::string_view each : core::split(parameters, ';')) {
    const std::string_view one = core::trim(each);
    if (!core::istarts_with(one, "q=")) continue;
    return one.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

}  // namespace

bool takes_gzip(std::string_view accepted) {
  bool any = false;
  for (const std::string_view each : core::split(accepted, ',')) {
    const std::size_t end = each.find(';');
    const std::string_view name = core::trim(each.substr(0, end));
    const std::string_view parameters =
        end == std::string_view::npos ? std::string_view() : each.substr(end + 1);
    if (core::iequals(name, "gzip") || core::iequals(name, "x-gzip")) return !is_refused(parameters);
    if (name == "*") any = !is_refused(parameters);
  }
  return any;
}

std::string gzip(std::string_view text) {
  constexpr int window_with_gzip_head = 15 + 16;
  constexpr int usual_memory = 8;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window_with_gzip_head, usual_memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string made(::deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  // zlib reads only, but says so since version 1.2.12 alone.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  ::deflate(&stream, Z_FINISH);
  made.resize(stream.total_out);
  ::deflateEnd(&stream);
  return made;
}

}  // namespace pofetch::service
