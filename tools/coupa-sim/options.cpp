#include "coupa-sim/options.hpp"

#include <charconv>
#include <limits>
#include <string_view>

namespace coupa_sim {
namespace {

bool parse_number(std::string_view text, std::uint64_t& out) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{} || stop == text.data()) return false;
  if (stop == end) return true;
  if (stop + 1 != end) return false;
  unsigned shift = 0;
  switch (*stop) {
    case 'k':
    case 'K':
      shift = 10;
      break;
    case 'm':
    case 'M':
      shift = 20;
      break;
    case 'g':
    case 'G':
      shift = 30;
      break;
    default:
      return false;
  }
  if (out > (std::numeric_limits<std::uint64_t>::max() >> shift)) return false;
  out <<= shift;
  return true;
}

}  // namespace

std::optional<range> parse_range(std::string_view text) {
  const auto dash = text.find('-');
  range found;
  if (!parse_number(text.substr(0, dash), found.min)) return std::nullopt;
  found.max = found.min;
  if (dash != std::string_view::npos && !parse_number(text.substr(dash + 1), found.max)) return std::nullopt;
  if (found.max < found.min) return std::nullopt;
  return found;
}

std::string complaint(const options& wanted) {
  constexpr std::uint64_t highest_po = 1'000'000'000'000;
  for (const unsigned percent :
       {wanted.not_found_percent, wanted.empty_percent, wanted.prefixed_percent, wanted.requisition_percent,
        wanted.broken_requisition_percent, wanted.missing_file_percent, wanted.redirect_percent,
        wanted.gzip_percent, wanted.fail_percent}) {
    if (percent > 100) return "a percentage is a number from 0 to 100, not " + std::to_string(percent);
  }
  if (wanted.threads == 0 || wanted.threads > 64) return "--threads is a number from 1 to 64";
  if (wanted.capacity > 65536) return "--capacity is a number from 0 to 65536";
  if (wanted.rate_burst == 0) return "--rate-burst is at least 1";
  if (wanted.attachments.max > 900) return "a PO has at most 900 attachments here";
  if (wanted.size.max > largest_file) return "a file has at most 4G here";
  if (wanted.page_padding > (std::uint64_t{64} << 20)) return "a page is padded with at most 64M here";
  if (wanted.first_po == 0 || wanted.first_po > highest_po || wanted.pos > highest_po) {
    return "PO numbers go from 1 to 1000000000000 here";
  }
  return {};
}

}  // namespace coupa_sim
