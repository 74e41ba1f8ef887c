// Any bytes as plain text, in every encoding: the lines are UTF-8, the same in whatever pieces they come, one
// cell each, and none of them is blank or a comment.
#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "fuzz/list_pieces.hpp"
#include "lists/text/text_decoder.hpp"
#include "lists/text/text_reader.hpp"

namespace {

using namespace pofetch;

fuzz::read_list read(std::unique_ptr<lists::text_source> text) {
  if (!text) return {};
  lists::text_reader reader(std::move(text));
  return fuzz::read_all(reader);
}

void check(const fuzz::read_list& list) {
  std::int64_t line = 0;
  std::string written;
  for (const auto& record : list.records) {
    fuzz::require(record.line > std::exchange(line, record.line));
    fuzz::require(record.cells.size() == 1 && core::is_utf8(record.cells[0]));
    const std::string_view text = core::trim(record.cells[0]);
    fuzz::require(!text.empty() && !text.starts_with('#'));
    written += record.cells[0] + '\n';
  }
  const auto again = read(lists::text_source::of_text(written));
  fuzz::require(again.records.size() == list.records.size());
  for (std::size_t i = 0; i < again.records.size(); ++i)
    fuzz::require(again.records[i].cells == list.records[i].cells);
}

std::string decoded(std::string_view bytes, lists::text_encoding encoding, bool whole) {
  lists::text_decoder decoder(encoding);
  fuzz::dice dice(bytes);
  std::string out;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, whole ? bytes.size() : dice.size(100));
    decoder.decode(piece, out);
    bytes.remove_prefix(piece.size());
  }
  decoder.finish(out);
  return out;
}

void check_encodings(std::string_view bytes) {
  using enum lists::text_encoding;
  for (const auto encoding : {utf8, utf16_le, utf16_be, windows_1252}) {
    const std::string whole = decoded(bytes, encoding, true);
    fuzz::require(core::is_utf8(whole) && whole.find('\0') == std::string::npos);
    fuzz::require(whole == decoded(bytes, encoding, false));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  check_encodings(bytes);
  check(read(fuzz::text_in(bytes, true)));
  const std::string padded = fuzz::behind_sample(bytes, ' ');
  fuzz::require_same(read(fuzz::text_in(padded, true)), read(fuzz::text_in(padded, false)));
  return 0;
}
