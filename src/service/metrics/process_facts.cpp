#include "service/metrics/process_facts.hpp"

#include "core/ascii.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace pofetch::service {

namespace {

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// When the system started; 0: it does not say.
std::uint64_t boot_time() {
  constexpr std::string_view mark = "\nbtime ";
  const std::string text = text_of("/proc/stat");
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) return 0;
  const std::string_view rest = std::string_view(text).substr(at + mark.size());
  return core::parse_unsigned(rest.substr(0, rest.find('\n'))).value_or(0);
}

double count_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator all("/proc/self/fd", error);
  // One of them is that of looking.
  return error ? 0 : static_cast<double>(std::distance(begin(all), end(all)) - 1);
}

}  // namespace

std::optional<stat_line> read_stat_line(std::string_view text) {
  // The name of the program stands in parentheses, and may hold some.
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  const auto fields = core::split(core::trim(text.substr(name_end + 2)), ' ').list();
  const auto field = [&fields](std::size_t number) {  // as proc(5) counts; the first one here is the third
    return number - 3 < fields.size() ? core::parse_unsigned(fields[number - 3]) : std::nullopt;
  };
  const auto user = field(14);
  const auto system = field(15);
  const auto start = field(22);
  const auto virtual_bytes = field(23);
  const auto pages = field(24);
  if (!user || !system || !start || !virtual_bytes || !pages) return std::nullopt;
  return stat_line{*user + *system, *start, *virtual_bytes, *pages};
}

process_facts read_process_facts() {
  static const std::uint64_t booted = boot_time();
  process_facts made;
  if (const auto line = read_stat_line(text_of("/proc/self/stat"))) {
    const auto ticks_a_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
    made.cpu_seconds = static_cast<double>(line->ticks) / ticks_a_second;
    if (booted > 0)
      made.start_time = static_cast<double>(booted) + static_cast<double>(line->start_ticks) / ticks_a_second;
    made.resident_bytes =
        static_cast<double>(line->resident_pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    made.virtual_bytes = static_cast<double>(line->virtual_bytes);
  }
  made.open_descriptors = count_descriptors();
  rlimit most{};
  if (::getrlimit(RLIMIT_NOFILE, &most) == 0) made.most_descriptors = static_cast<double>(most.rlim_cur);
  return made;
}

}  // namespace pofetch::service
