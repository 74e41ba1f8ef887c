#include "samples.hpp"

#include <fstream>
#include <iterator>

namespace pofetch::test {

std::unique_ptr<ledger> sqlite_back_end::open() {
  return must(sqlite_ledger::open(file(), open_mode::read_write_create, false));
}

std::unique_ptr<ledger> sqlite_back_end::open_to_read() {
  return must(sqlite_ledger::open(file(), open_mode::read_only));
}

std::string sqlite_back_end::bytes() {
  std::ifstream in(file(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::unique_ptr<back_end> make_back_end() { return std::make_unique<sqlite_back_end>(); }

}  // namespace pofetch::test
