#pragma once

#include "fuzz/fuzz_input.hpp"
#include "lists/record_reader.hpp"
#include "lists/text/text_source.hpp"

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::fuzz {

/// An input that hands out its bytes in pieces.
class pieces final : public lists::byte_source {
 public:
  pieces(std::string_view bytes, bool whole) : rest_(bytes), whole_(whole), dice_(bytes) {}

  result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t wanted = whole_ ? rest_.size() : dice_.size(4096);
    const std::size_t count = std::min({wanted, rest_.size(), buffer.size()});
    if (count > 0) std::memcpy(buffer.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  bool whole_;
  dice dice_;
};

/// The text of an input, nothing if it is none.
[[nodiscard]] inline std::unique_ptr<lists::text_source> text_in(std::string_view bytes, bool whole) {
  // The beginning is always read as one; behind it the pieces come through.
  auto opened = lists::text_source::open(std::make_unique<pieces>(bytes, whole), "list");
  return opened ? std::move(*opened) : nullptr;
}

struct read_list {
  std::vector<lists::record> records;
  std::string failure;  ///< empty: read to the end
};

/// All records; checks what every form promises.
[[nodiscard]] inline read_list read_all(lists::record_reader& reader) {
  read_list all;
  for (;;) {
    auto next = reader.next();
    if (!next) {
      all.failure = next.error().message;
      require(next.error().code == errc::input && !all.failure.empty());
      return all;
    }
    if (!*next) return all;
    require((*next)->cells.size() <= lists::max_columns);
    require((*next)->line >= 1);
    for (const std::string& cell : (*next)->cells) require(cell.size() <= lists::max_cell_size);
    all.records.push_back(std::move(**next));
  }
}

inline void require_same(const read_list& a, const read_list& b) {
  require(a.failure == b.failure && a.records.size() == b.records.size());
  for (std::size_t i = 0; i < a.records.size(); ++i) {
    require(a.records[i].cells == b.records[i].cells);
    require(a.records[i].line == b.records[i].line && a.records[i].problem == b.records[i].problem);
  }
}

/// Feeds the text through a source in pieces: small inputs, too, cross the seams behind the sample.
[[nodiscard]] inline std::string behind_sample(std::string_view text, char filler) {
  std::string padded(lists::sample_size - 8, filler);
  return padded.append(1, '\n').append(text);
}

}  // namespace pofetch::fuzz
