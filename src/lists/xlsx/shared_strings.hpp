#pragma once

#include "lists/text/byte_source.hpp"
#include "lists/xlsx/scratch_file.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pofetch::lists {

/// The texts of a workbook that its cells name by number (ECMA-376 part 1, 18.4). There may be millions: they
/// are in scratch files, and memory stays flat.
class shared_strings {
 public:
  /// Reads the part. `name` is the workbook in messages. Failures: input; those of scratch_file.
  [[nodiscard]] static result<std::unique_ptr<shared_strings>> load(byte_source& part,
                                                                    const std::string& name);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Nothing: there is no text of that number. Failures: those of scratch_file.
  [[nodiscard]] result<std::optional<std::string>> find(std::uint64_t number);

 private:
  friend class shared_strings_parser;

  shared_strings(std::unique_ptr<scratch_file> texts, std::unique_ptr<scratch_file> ends)
      : texts_(std::move(texts)), ends_(std::move(ends)) {}
  [[nodiscard]] result<void> add(std::string_view text);
  [[nodiscard]] result<std::uint64_t> end_of(std::uint64_t number);

  std::unique_ptr<scratch_file> texts_;  ///< one behind the other
  std::unique_ptr<scratch_file> ends_;   ///< where each ends, 8 bytes
  std::uint64_t count_ = 0;
};

/// Text as a workbook escapes it: `_x000D_` stands for a carriage return (ECMA-376 part 1, 22.9.2.19).
[[nodiscard]] std::string unescape_sheet_text(std::string_view text);

}  // namespace pofetch::lists
