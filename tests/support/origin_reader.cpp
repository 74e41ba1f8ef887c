#include "support/origin_reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <sstream>

namespace pofetch::testing {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string trim(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

void parse_head(origin_request& request) {
  std::istringstream lines(request.raw_head);
  std::string line;
  std::getline(lines, line);
  std::istringstream(line) >> request.method >> request.target;
  while (std::getline(lines, line)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::string& value = request.headers[lower(line.substr(0, colon))];
    if (!value.empty()) value += ", ";
    value += trim(line.substr(colon + 1));
  }
}

}  // namespace

bool origin_reader::fill() {
  std::array<char, 16384> buffer{};
  const std::size_t count = line_.receive(buffer.data(), buffer.size());
  unread_.append(buffer.data(), count);
  return count > 0;
}

bool origin_reader::read(origin_request& request) {
  constexpr std::size_t most = std::size_t{64} << 20U;
  request = origin_request();
  auto end = unread_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (unread_.size() > most || !fill()) return false;
    end = unread_.find("\r\n\r\n");
  }
  request.raw_head = unread_.substr(0, end + 4);
  unread_.erase(0, end + 4);
  parse_head(request);
  const std::string announced = request.header("content-length");
  std::size_t length = 0;
  std::from_chars(announced.data(), announced.data() + announced.size(), length);
  if (request.header("expect") == "100-continue" && unread_.size() < length)
    line_.send("HTTP/1.1 100 Continue\r\n\r\n");
  while (unread_.size() < length) {
    if (length > most || !fill()) return false;
  }
  request.body = unread_.substr(0, length);
  unread_.erase(0, length);
  return true;
}

}  // namespace pofetch::testing
