#pragma once

#include "lists/text/byte_source.hpp"
#include "lists/text/text_decoder.hpp"

#include <pofetch/error.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace pofetch::lists {

/// The text of an input as UTF-8, in pieces of about 64 KiB. The mark by which old systems end a file
/// (Ctrl-Z) is no part of it, nor are zero bytes behind it. What was read to find the encoding is handed out
/// again, so a pipe is as good as a file.
class text_source {
 public:
  /// Reads the beginning and finds the encoding. `name` is for messages. Failure `input`: unreadable,
  /// empty, or no text.
  [[nodiscard]] static result<std::unique_ptr<text_source>> open(std::unique_ptr<byte_source> bytes,
                                                                 const std::string& name);

  /// A source over text that is in memory already.
  [[nodiscard]] static std::unique_ptr<text_source> of_text(std::string text);

  /// The beginning of the text. Valid until the first `read`.
  [[nodiscard]] std::string_view sample() const noexcept { return sample_; }

  [[nodiscard]] text_encoding encoding() const noexcept { return encoding_; }

  /// Puts the next piece of text into `piece` (what was in it goes); false: the end.
  [[nodiscard]] result<bool> read(std::string& piece);

 private:
  explicit text_source(text_encoding encoding) : encoding_(encoding), decoder_(encoding) {}
  void hold_back_end(std::string& piece);

  std::unique_ptr<byte_source> bytes_;
  text_encoding encoding_;
  text_decoder decoder_;
  std::string sample_;
  std::string buffer_;
  std::string held_;  ///< marks of the end, unless something follows
  bool sample_given_ = false;
  bool at_end_ = false;
};

}  // namespace pofetch::lists
