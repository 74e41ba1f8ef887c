#include "cli/screen/process_usage.hpp"

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace pofetch::cli {

namespace {

std::chrono::microseconds to_time(const timeval& value) {
  return std::chrono::seconds{value.tv_sec} + std::chrono::microseconds{value.tv_usec};
}

}  // namespace

process_usage read_process_usage() {
  process_usage used;
  rusage answer{};
  if (::getrusage(RUSAGE_SELF, &answer) == 0)
    used.processor = to_time(answer.ru_utime) + to_time(answer.ru_stime);
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all_pages = 0;
  std::uint64_t resident_pages = 0;
  if (statm >> all_pages >> resident_pages) {
    used.memory = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  return used;
}

}  // namespace pofetch::cli
