#pragma once

#include "lists/record_reader.hpp"
#include "lists/text/line_reader.hpp"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace pofetch::lists {

/// JSON Lines: one JSON object (RFC 8259) a line. The keys of the first object are the columns and the
/// first record; keys that come up later are left out. Texts are cells as they are, numbers as a
/// person writes them (`12`, `12.5`), `null` an empty cell, objects and arrays their JSON. A line that is no
/// JSON object becomes a record with a problem. Blank lines are left out.
class jsonl_reader final : public record_reader {
 public:
  /// `name` is what messages call the input.
  jsonl_reader(std::unique_ptr<text_source> text, std::string name)
      : lines_(std::move(text)), name_(std::move(name)) {}

  /// Failure `input`: the input cannot be read, or there is no object among its first 1000 lines.
  [[nodiscard]] result<std::optional<record>> next() override;

 private:
  struct member {
    std::string key;
    std::string text;
  };
  /// The members of the object on that line, or a problem in one sentence.
  static result<std::vector<member>> parse(const text_line& line);
  [[nodiscard]] record arrange(std::int64_t line, std::vector<member> members) const;
  void take_header(std::int64_t line, const std::vector<member>& members);
  result<void> read_one();

  line_reader lines_;
  std::string name_;
  bool header_known_ = false;
  bool at_end_ = false;
  std::size_t column_count_ = 0;
  std::unordered_map<std::string, std::size_t> columns_;
  std::deque<record> ready_;
};

}  // namespace pofetch::lists
