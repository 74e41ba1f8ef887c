// Any bytes as the parts of a workbook: the rows of a sheet, and behind a NUL the texts that they name. The
// records are the same in whatever pieces they come, and within the bounds.
#include "fuzz/list_pieces.hpp"
#include "lists/xlsx/sheet_reader.hpp"

namespace {

using namespace pofetch;

fuzz::read_list read(std::string_view rows, std::string_view texts, bool whole) {
  lists::sheet_reader::surroundings around;
  around.name = "'list.xlsx'";
  around.date_styles = {false, true};
  fuzz::pieces texts_part(texts, whole);
  auto strings = lists::shared_strings::load(texts_part, around.name);
  if (strings) around.strings = std::move(*strings);
  lists::sheet_reader reader(std::make_unique<fuzz::pieces>(rows, whole), std::move(around));
  return fuzz::read_all(reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::size_t seam = bytes.find('\0');
  const std::string_view rows = bytes.substr(0, seam);
  const std::string_view texts = seam == std::string_view::npos ? std::string_view() : bytes.substr(seam + 1);
  const fuzz::read_list whole = read(rows, texts, true);
  const fuzz::read_list parts = read(rows, texts, false);
  // How far a damaged sheet is read depends on its pieces; that it is damaged does not.
  fuzz::require(whole.failure.empty() == parts.failure.empty());
  if (whole.failure.empty()) fuzz::require_same(whole, parts);
  fuzz::pieces part(rows, false);
  const auto merged = lists::read_merged_cells(part, 1, "'list.xlsx'");
  fuzz::require(!merged || merged->size() <= lists::max_columns);
  return 0;
}
