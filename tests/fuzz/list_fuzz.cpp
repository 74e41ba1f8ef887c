// Any bytes as a list of purchase orders, read from a file as the program does.
#include "core/po_number.hpp"
#include "fuzz/fuzz_input.hpp"
#include "lists/po_list_reader.hpp"

#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const int file = ::memfd_create("list", 0);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  lists::list_options options;
  options.input = "/proc/self/fd/" + std::to_string(file);
  if (auto list = lists::open_po_list(options)) {
    const std::size_t columns = (*list)->columns().size();
    for (auto row = (*list)->next(); row && row->has_value(); row = (*list)->next()) {
      fuzz::require((*row)->cells.size() == columns);
      fuzz::require(!(*row)->number.empty() || !(*row)->problem.empty());
      // Without names, nothing becomes an order that stands beside anything else.
      const bool is_plain = (*list)->facts().header_line == 0 && !(*row)->number.empty();
      fuzz::require(!is_plain || core::parse_po_cell((*row)->cells[0]).all_pos());
    }
  }
  ::close(file);
  return 0;
}
