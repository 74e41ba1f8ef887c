#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace pofetch::lists {

/// A stream of bytes. Blocking; one thread at a time.
class byte_source {
 public:
  virtual ~byte_source() = default;

  /// Reads some bytes into `buffer`; 0 is the end. Failure `input`: it cannot be read.
  [[nodiscard]] virtual result<std::size_t> read(std::span<char> buffer) = 0;
};

/// What messages call an input: `standard input` or the file's name in quotes.
[[nodiscard]] std::string display_name(const std::string& input);

/// Opens a file, or standard input for `-`. Pipes are fine: nothing seeks. Failure `input`: not there,
/// not readable, a folder; the message says what to do next.
[[nodiscard]] result<std::unique_ptr<byte_source>> open_byte_source(const std::string& input);

}  // namespace pofetch::lists
