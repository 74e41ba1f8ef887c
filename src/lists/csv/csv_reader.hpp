#pragma once

#include "lists/csv/csv_dialect.hpp"
#include "lists/record_reader.hpp"
#include "lists/text/text_source.hpp"

#include <memory>
#include <string>

namespace pofetch::lists {

/// CSV (RFC 4180) read as people write it: any delimiter, any line ends, line breaks in quoted cells,
/// records of any length. A quote inside a bare cell is text, and so is what follows the closing
/// quote of a cell. Blank lines are no records; the first record is the header. Of a framed table the frame
/// is left out, and so are lines outside of it; those with a long number are records with a problem.
///
/// Failure `input`: a quote that is never closed (the rows behind it would be lost), or a bound of
/// record_reader.hpp.
class csv_reader final : public record_reader {
 public:
  /// `name` is what messages call the input.
  csv_reader(std::unique_ptr<text_source> text, const csv_dialect& dialect, std::string name);
  ~csv_reader() override;

  csv_reader(const csv_reader&) = delete;
  csv_reader& operator=(const csv_reader&) = delete;

  [[nodiscard]] result<std::optional<record>> next() override;

 private:
  [[nodiscard]] result<std::optional<record>> next_record();

  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::lists
