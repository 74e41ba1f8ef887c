#include "lists/text/text_decoder.hpp"

#include "core/unicode.hpp"
#include "lists/text/utf8.hpp"

#include <algorithm>
#include <array>

namespace pofetch::lists {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::uint32_t byte_order_mark = 0xFEFF;

struct signature {
  std::string_view bytes;
  std::string_view advice;
};

/// What people take for a list and is none. The UTF-32 mark begins like the UTF-16 one, so it is here.
constexpr std::array<signature, 9> signatures = {{
    {"PK\x03\x04"sv,
     "is an Excel workbook or a zip archive, which cannot be read from a pipe; save it as a file and give "
     "its "
     "name"sv},
    {"PK\x05\x06"sv, "is an empty zip archive; save the list as CSV (UTF-8) and give that file"sv},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv,
     "is an old Excel workbook (.xls); save the sheet as CSV (UTF-8) and give that file"sv},
    {"%PDF-"sv, "is a PDF document; save the list as CSV (UTF-8) and give that file"sv},
    {"\x1F\x8B"sv, "is compressed with gzip; unpack it first, or pipe it: gunzip -c FILE | pofetch run -"sv},
    {"BZh91AY&SY"sv, "is compressed with bzip2; unpack it first"sv},
    {"\xFD\x37zXZ\x00"sv, "is compressed with xz; unpack it first"sv},
    {"\xFF\xFE\x00\x00"sv, "is text in UTF-32; save it as UTF-8 and give that file"sv},
    {"\x00\x00\xFE\xFF"sv, "is text in UTF-32; save it as UTF-8 and give that file"sv},
}};

/// Without what old systems put behind the end of a file, up to the end of a block.
std::string_view without_padding(std::string_view beginning) {
  const std::size_t text_end = beginning.find_last_not_of("\x1A\0 \t\r\n"sv) + 1;
  return beginning.substr(0, beginning.find('\x1A', text_end));
}

}  // namespace

result<text_encoding> detect_encoding(std::string_view beginning, bool whole, const std::string& name) {
  for (const signature& known : signatures) {
    if (beginning.starts_with(known.bytes))
      return make_failure(errc::input, name + " " + std::string(known.advice) + ".");
  }
  if (beginning.starts_with("\xFF\xFE"sv)) return text_encoding::utf16_le;
  if (beginning.starts_with("\xFE\xFF"sv)) return text_encoding::utf16_be;
  if (without_padding(beginning).find('\0') != std::string_view::npos) {
    return make_failure(errc::input, name +
                                         " is not a text file: there are NUL bytes in it and no UTF-16 byte "
                                         "order mark; save the list as CSV (UTF-8) and give that file.");
  }
  if (beginning.starts_with("\xEF\xBB\xBF"sv)) return text_encoding::utf8;
  const std::string_view judged = whole ? beginning : without_cut_off(beginning);
  return core::is_utf8(judged) ? text_encoding::utf8 : text_encoding::windows_1252;
}

void text_decoder::append(std::uint32_t code_point, std::string& out) {
  const bool is_first = !begun_;
  begun_ = true;
  if (is_first && code_point == byte_order_mark) return;
  core::append_utf8(out, code_point == 0 ? replacement : code_point);
}

void text_decoder::decode_bytes(bool at_end, std::string& out) {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const auto plain_end =
        std::find_if(rest.begin(), rest.end(), [](char c) { return c == '\0' || (c & '\x80') != 0; });
    const auto plain = static_cast<std::size_t>(plain_end - rest.begin());
    if (plain > 0) {
      out.append(rest.substr(0, plain));
      rest.remove_prefix(plain);
      begun_ = true;
      continue;
    }
    const utf8_step step = encoding_ == text_encoding::utf8 ? utf8_next(rest) : utf8_step{};
    if (step.what == utf8_step::kind::cut_off && !at_end) break;
    if (rest.front() == '\0') {
      append(0, out);
      rest.remove_prefix(1);
      continue;
    }
    if (step.what != utf8_step::kind::whole) {
      out += core::windows_1252_to_utf8(rest.substr(0, 1));
      begun_ = true;
      rest.remove_prefix(1);
      continue;
    }
    const std::string_view sequence = rest.substr(0, step.length);
    if (begun_ || sequence != "\xEF\xBB\xBF"sv) out.append(sequence);
    begun_ = true;
    rest.remove_prefix(step.length);
  }
  pending_.erase(0, pending_.size() - rest.size());
}

void text_decoder::decode_utf16(bool at_end, std::string& out) {
  const bool little = encoding_ == text_encoding::utf16_le;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(pending_[at]);
    const auto second = static_cast<unsigned char>(pending_[at + 1]);
    return static_cast<std::uint32_t>(little ? first | (second << 8) : second | (first << 8));
  };
  std::size_t at = 0;
  while (at + 2 <= pending_.size()) {
    const std::uint32_t high = unit(at);
    if (high < 0xD800 || high > 0xDBFF) {
      append(high, out);
      at += 2;
      continue;
    }
    if (at + 4 > pending_.size()) {
      if (!at_end) break;
      append(replacement, out);
      at += 2;
      continue;
    }
    const std::uint32_t low = unit(at + 2);
    const bool paired = low >= 0xDC00 && low <= 0xDFFF;
    append(paired ? 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00) : replacement, out);
    at += paired ? 4 : 2;
  }
  pending_.erase(0, at);
  if (!at_end || pending_.empty()) return;
  append(replacement, out);
  pending_.clear();
}

void text_decoder::decode(std::string_view bytes, std::string& out) {
  pending_.append(bytes);
  if (encoding_ == text_encoding::utf8 || encoding_ == text_encoding::windows_1252) {
    decode_bytes(false, out);
  } else {
    decode_utf16(false, out);
  }
}

void text_decoder::finish(std::string& out) {
  if (encoding_ == text_encoding::utf8 || encoding_ == text_encoding::windows_1252) {
    decode_bytes(true, out);
  } else {
    decode_utf16(true, out);
  }
}

}  // namespace pofetch::lists
