#include "lists/text/text_source.hpp"

#include <span>
#include <utility>

namespace pofetch::lists {
namespace {

/// Reads until the buffer is full or the input ends; returns the number of bytes.
result<std::size_t> fill(byte_source& from, std::span<char> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    auto got = from.read(buffer.subspan(filled));
    if (!got) return got.error();
    if (*got == 0) break;
    filled += *got;
  }
  return filled;
}

/// Where the text ends, not counting the marks of the end and what pads a file behind them: blanks, line ends
/// and zero bytes, which the decoder has replaced.
std::size_t end_of_text(std::string_view piece) {
  constexpr std::string_view replaced = "\xEF\xBF\xBD";
  while (true) {
    piece = piece.substr(0, piece.find_last_not_of("\x1A \t\r\n") + 1);
    if (!piece.ends_with(replaced)) return piece.size();
    piece.remove_suffix(replaced.size());
  }
}

}  // namespace

result<std::unique_ptr<text_source>> text_source::open(std::unique_ptr<byte_source> bytes,
                                                       const std::string& name) {
  std::string buffer(sample_size, '\0');
  auto filled = fill(*bytes, buffer);
  if (!filled) return filled.error();
  const bool whole = *filled < buffer.size();
  const std::string_view beginning(buffer.data(), *filled);
  if (beginning.empty()) {
    return make_failure(errc::input,
                        "There is nothing in " + name + ": it is empty; give a list of purchase orders.");
  }
  auto encoding = detect_encoding(beginning, whole, name);
  if (!encoding) return encoding.error();
  std::unique_ptr<text_source> source(new text_source(*encoding));
  source->decoder_.decode(beginning, source->sample_);
  if (whole) source->decoder_.finish(source->sample_);
  source->at_end_ = whole;
  source->hold_back_end(source->sample_);
  source->bytes_ = std::move(bytes);
  source->buffer_ = std::move(buffer);
  return source;
}

std::unique_ptr<text_source> text_source::of_text(std::string text) {
  std::unique_ptr<text_source> source(new text_source(text_encoding::utf8));
  source->sample_ = std::move(text);
  source->at_end_ = true;
  return source;
}

/// Several marks, and line ends between them, are one end. In the middle of joined files they stay.
void text_source::hold_back_end(std::string& piece) {
  constexpr std::size_t most_held = 64U << 10;
  piece.insert(0, std::exchange(held_, {}));
  const std::size_t mark = piece.find('\x1A', end_of_text(piece));
  if (mark == std::string::npos) return;
  if (!at_end_ && piece.size() - mark > most_held) return;
  if (!at_end_) held_ = piece.substr(mark);
  piece.resize(mark);
}

result<bool> text_source::read(std::string& piece) {
  piece.clear();
  if (!std::exchange(sample_given_, true)) {
    piece.swap(sample_);
    if (!piece.empty()) return true;
  }
  while (!at_end_ && piece.empty()) {
    auto got = bytes_->read(buffer_);
    if (!got) return got.error();
    if (*got == 0) {
      at_end_ = true;
      decoder_.finish(piece);
    } else {
      decoder_.decode(std::string_view(buffer_.data(), *got), piece);
    }
    hold_back_end(piece);
  }
  return !piece.empty();
}

}  // namespace pofetch::lists
