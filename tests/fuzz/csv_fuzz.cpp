// Any bytes as a CSV file: the records are the same in whatever pieces it comes, and records that are written
// as CSV read back.
#include "fuzz/list_pieces.hpp"
#include "lists/csv/csv_reader.hpp"

namespace {

using namespace pofetch;

fuzz::read_list read(std::string_view bytes, const lists::csv_dialect& dialect, bool whole) {
  auto text = fuzz::text_in(bytes, whole);
  if (!text) return {};
  lists::csv_reader reader(std::move(text), dialect, "list");
  return fuzz::read_all(reader);
}

void check_round_trip(const fuzz::read_list& list) {
  std::string written;
  for (const auto& record : list.records) {
    for (const std::string& cell : record.cells) {
      written += '"';
      for (const char c : cell) written.append(c == '"' ? 2U : 1U, c);
      written += "\",";
    }
    written.back() = '\n';
  }
  lists::csv_dialect comma;
  comma.delimiter = ',';
  lists::csv_reader reader(lists::text_source::of_text(written), comma, "list");
  const fuzz::read_list again = fuzz::read_all(reader);
  fuzz::require(again.failure.empty() && again.records.size() == list.records.size());
  for (std::size_t i = 0; i < again.records.size(); ++i)
    fuzz::require(again.records[i].cells == list.records[i].cells);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto text = fuzz::text_in(bytes, true);
  if (!text) return 0;
  const lists::csv_dialect dialect = lists::detect_csv_dialect(text->sample());
  const fuzz::read_list whole = read(bytes, dialect, true);
  check_round_trip(whole);
  // Behind a first record that fills the sample, the rest comes in pieces.
  const std::string padded = fuzz::behind_sample(bytes, 'x');
  fuzz::require_same(read(padded, dialect, true), read(padded, dialect, false));
  return 0;
}
