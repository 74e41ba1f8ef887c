#pragma once

#include "lists/text/text_source.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pofetch::lists {

/// One line of a text, without its end.
struct text_line {
  std::int64_t number = 0;  ///< from 1
  std::string text;
  bool too_long = false;  ///< above `max_line_size`; `text` is its beginning
};

/// Lines of a text, ended by LF, CR LF or CR. What is above `max_line_size` of one line is skipped.
class line_reader {
 public:
  explicit line_reader(std::unique_ptr<text_source> text) : text_(std::move(text)) {}

  /// The next line, nothing at the end. Failure `input`: the input cannot be read.
  [[nodiscard]] result<std::optional<text_line>> next();

 private:
  void add(std::string_view part, text_line& line) const;

  std::unique_ptr<text_source> text_;
  std::string piece_;
  std::size_t at_ = 0;
  std::int64_t number_ = 0;
  bool after_cr_ = false;
};

}  // namespace pofetch::lists
