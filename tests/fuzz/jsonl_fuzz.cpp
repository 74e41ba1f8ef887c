// Any bytes as JSON Lines: the records are the same in whatever pieces they come, all have as many cells as
// there are columns, and records that are written as JSON read back.
#include "core/unicode.hpp"
#include "fuzz/list_pieces.hpp"
#include "lists/report/report_text.hpp"
#include "lists/text/jsonl_reader.hpp"

namespace {

using namespace pofetch;

fuzz::read_list read(std::unique_ptr<lists::text_source> text) {
  if (!text) return {};
  lists::jsonl_reader reader(std::move(text), "list");
  return fuzz::read_all(reader);
}

void check_round_trip(const fuzz::read_list& list) {
  if (list.records.empty()) return;
  const auto& columns = list.records.front().cells;
  std::string written;
  std::vector<std::vector<std::string>> expected{columns};
  for (std::size_t i = 1; i < list.records.size(); ++i) {
    const auto& record = list.records[i];
    fuzz::require(record.cells.size() == columns.size());
    if (!record.problem.empty()) continue;
    expected.push_back(record.cells);
    written += '{';
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) written += ',';
      lists::append_json_string(written, columns[c]);
      written += ':';
      lists::append_json_string(written, record.cells[c]);
    }
    written += "}\n";
  }
  const auto again = read(lists::text_source::of_text(written));
  fuzz::require(again.failure.empty() && again.records.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) fuzz::require(again.records[i].cells == expected[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto whole = read(fuzz::text_in(bytes, true));
  check_round_trip(whole);
  // Behind a blank line that fills the sample, the rest comes in pieces.
  const std::string padded = fuzz::behind_sample(bytes, ' ');
  fuzz::require_same(read(fuzz::text_in(padded, true)), read(fuzz::text_in(padded, false)));
  return 0;
}
