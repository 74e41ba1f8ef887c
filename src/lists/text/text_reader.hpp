#pragma once

#include "lists/record_reader.hpp"
#include "lists/text/line_reader.hpp"

#include <memory>

namespace pofetch::lists {

/// Plain text: each line is a record of one cell. Blank lines and lines that begin with `#` are left out.
/// There is no header. A line above `max_line_size` is a record with a problem.
class text_reader final : public record_reader {
 public:
  explicit text_reader(std::unique_ptr<text_source> text) : lines_(std::move(text)) {}

  [[nodiscard]] result<std::optional<record>> next() override;

 private:
  line_reader lines_;
};

}  // namespace pofetch::lists
