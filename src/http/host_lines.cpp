#include "http/host_lines.hpp"

#include "http/host_limits.hpp"

#include <utility>

namespace pofetch::http {

namespace {

/// Where hosts beyond the first `max_hosts` stand in line.
const std::string crowd;

}  // namespace

host_line::host_line(boost::asio::any_io_executor where, host_load& how, std::size_t most)
    : load(how), turns(where, most), starts(where, 1) {}

host_lines::host_lines(boost::asio::any_io_executor where, host_limits& limits, std::size_t most)
    : executor_(std::move(where)), limits_(limits), most_(most) {}

host_line& host_lines::to(const std::string& host) {
  const auto known = hosts_.find(host);
  if (known != hosts_.end()) return known->second;
  const std::string& name = hosts_.size() < max_hosts ? host : crowd;
  return hosts_.try_emplace(name, executor_, limits_.load_of(name), most_).first->second;
}

}  // namespace pofetch::http
