#include "sources/html/charset_decoder.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <iconv.h>

namespace pofetch::sources {

namespace {

constexpr std::size_t prescan_bytes = 1024;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// The value after `charset=`, quoted or not.
std::string_view charset_after(std::string_view text) noexcept {
  const std::size_t at = core::ifind(text, "charset");
  if (at == std::string_view::npos) return {};
  text = core::trim(text.substr(at + 7));
  if (text.empty() || text.front() != '=') return {};
  text = core::trim(text.substr(1));
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  const auto end = std::find_if(text.begin(), text.end(), [](char c) {
    return !core::is_alnum(c) && c != '-' && c != '_' && c != ':' && c != '.';
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// What a `meta` element in the beginning of a page says (HTML 13.2.3.2, simplified).
std::string_view charset_of_meta(std::string_view page) noexcept {
  page = page.substr(0, prescan_bytes);
  while (true) {
    const std::size_t at = page.find('<');
    if (at == std::string_view::npos) return {};
    page.remove_prefix(at);
    const bool comment = page.substr(0, 4) == "<!--";
    const std::string_view closing = comment ? "-->" : ">";
    const std::size_t end = page.find(closing);
    const std::string_view tag = page.substr(0, end);
    if (core::istarts_with(tag, "<meta")) {
      const std::string_view label = charset_after(tag);
      if (!label.empty()) return label;
    }
    if (end == std::string_view::npos) return {};
    page.remove_prefix(end);
  }
}

/// What Windows calls Western: pages that say ASCII or Latin-1 mean it.
constexpr std::string_view western = "CP1252";

struct charset_alias {
  std::string_view label;  ///< letters and digits alone
  std::string_view name;   ///< as iconv knows it; empty: UTF-8
};

/// Labels as pages write them (Encoding Standard 4.2, those that are met), and some more.
constexpr std::array<charset_alias, 65> charset_aliases{{
    {"utf8", ""},
    {"utf8mb4", ""},
    {"unicode11utf8", ""},
    {"unicode20utf8", ""},
    {"xunicode20utf8", ""},
    {"ascii", western},
    {"usascii", western},
    {"ansix341968", western},
    {"ansi", western},
    {"cp819", western},
    {"ibm819", western},
    {"isoir100", western},
    {"l1", western},
    {"latin1", western},
    {"csisolatin1", western},
    {"88591", western},
    {"iso885911987", western},
    {"latin2", "ISO-8859-2"},
    {"l2", "ISO-8859-2"},
    {"csisolatin2", "ISO-8859-2"},
    {"latin5", "CP1254"},
    {"l5", "CP1254"},
    {"latin9", "ISO-8859-15"},
    {"l9", "ISO-8859-15"},
    {"cyrillic", "ISO-8859-5"},
    {"greek", "ISO-8859-7"},
    {"arabic", "ISO-8859-6"},
    {"hebrew", "ISO-8859-8"},
    {"logical", "ISO-8859-8"},
    {"visual", "ISO-8859-8"},
    {"iso88598i", "ISO-8859-8"},
    {"tis620", "CP874"},
    {"windows874", "CP874"},
    {"dos874", "CP874"},
    {"koi", "KOI8-R"},
    {"koi8", "KOI8-R"},
    {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},
    {"koi8ru", "KOI8-U"},
    {"ibm866", "CP866"},
    {"cp866", "CP866"},
    {"macintosh", "MACINTOSH"},
    {"mac", "MACINTOSH"},
    {"xmacroman", "MACINTOSH"},
    {"shiftjis", "CP932"},
    {"sjis", "CP932"},
    {"xsjis", "CP932"},
    {"mskanji", "CP932"},
    {"windows31j", "CP932"},
    {"eucjp", "EUC-JP"},
    {"xeucjp", "EUC-JP"},
    {"iso2022jp", "ISO-2022-JP"},
    {"gbk", "GB18030"},
    {"xgbk", "GB18030"},
    {"gb2312", "GB18030"},
    {"gb18030", "GB18030"},
    {"chinese", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"xxbig5", "BIG5-HKSCS"},
    {"cnbig5", "BIG5-HKSCS"},
    {"euckr", "CP949"},
    {"ksc56011987", "CP949"},
    {"korean", "CP949"},
    {"windows949", "CP949"},
}};

/// `iso-8859-2`, `windows-1250`: families with a number at their end.
std::string numbered_charset(std::string_view label) {
  struct family {
    std::string_view start;
    std::string_view name;
  };
  constexpr std::array<family, 5> families{{{"iso8859", "ISO-8859-"},
                                            {"windows125", "CP125"},
                                            {"xcp125", "CP125"},
                                            {"cp125", "CP125"},
                                            {"win125", "CP125"}}};
  for (const auto& one : families) {
    if (!label.starts_with(one.start)) continue;
    const std::string_view number = label.substr(one.start.size());
    if (!core::all_digits(number) || number.size() > 2) continue;
    if (one.name == "ISO-8859-" && number == "1") return std::string(western);
    if (one.name == "ISO-8859-" && number == "9") return "CP1254";
    return std::string(one.name).append(number);
  }
  return {};
}

/// The name that iconv knows; empty for UTF-8, and for what nobody knows. iconv is not asked for labels of
/// its own (`wchar_t`, `utf-7`): no page means them.
std::string charset_name(std::string_view label) {
  std::string key;
  for (const char c : label)
    if (core::is_alnum(c)) key += core::to_lower(c);
  for (const auto& alias : charset_aliases)
    if (alias.label == key) return std::string(alias.name);
  if (key == "utf16" || key == "utf16le" || key == "ucs2" || key == "unicode") return "UTF-16LE";
  if (key == "utf16be") return "UTF-16BE";
  return numbered_charset(key);
}

/// Length of the valid sequence at the beginning; 0: more bytes are needed; -1: not UTF-8.
int sequence_length(std::string_view bytes) noexcept {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (lead < 0x80) return 1;
  const std::size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return -1;
  const std::string_view sequence = bytes.substr(0, need);
  const bool continues = std::all_of(sequence.begin() + 1, sequence.end(),
                                     [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; });
  if (!continues) return -1;
  if (sequence.size() < need) return 0;
  return core::is_utf8(sequence) ? static_cast<int>(need) : -1;
}

}  // namespace

std::string_view charset_of(std::string_view content_type) noexcept {
  const std::size_t at = content_type.find(';');
  return at == std::string_view::npos ? std::string_view{} : charset_after(content_type.substr(at));
}

struct charset_decoder::converter {
  iconv_t handle;

  explicit converter(const std::string& label) : handle(::iconv_open("UTF-8", label.c_str())) {}
  converter(const converter&) = delete;
  converter& operator=(const converter&) = delete;
  ~converter() {
    if (usable()) ::iconv_close(handle);
  }
  [[nodiscard]] bool usable() const noexcept { return handle != reinterpret_cast<iconv_t>(-1); }
};

charset_decoder::charset_decoder(std::string_view content_type) : declared_(charset_of(content_type)) {}

charset_decoder::~charset_decoder() = default;

std::string_view charset_decoder::decode(std::string_view bytes) {
  out_.clear();
  if (mode_ == mode::undecided) {
    pending_.append(bytes);
    const std::size_t wanted = declared_.empty() ? prescan_bytes : 3;
    if (pending_.size() < wanted) return {};
    decide();
    bytes = {};
  }
  if (mode_ == mode::utf8 && pending_.empty() && core::is_utf8(bytes) &&
      bytes.find('\0') == std::string_view::npos)
    return bytes;
  convert(bytes, false);
  return out_;
}

std::string_view charset_decoder::finish() {
  out_.clear();
  if (mode_ == mode::undecided) decide();
  convert({}, true);
  return out_;
}

void charset_decoder::decide() {
  const std::string_view begin = pending_;
  if (begin.substr(0, 3) == "\xEF\xBB\xBF") {
    pending_.erase(0, 3);
    mode_ = mode::utf8;
  } else if (begin.substr(0, 2) == "\xFF\xFE" || begin.substr(0, 2) == "\xFE\xFF") {
    const bool little = begin.front() == '\xFF';
    pending_.erase(0, 2);
    choose(little ? "UTF-16LE" : "UTF-16BE");
  } else if (!declared_.empty()) {
    // A header that says UTF-16 of a page in ASCII letters is wrong.
    const bool wide = charset_name(declared_).starts_with("UTF-16");
    const bool letters = begin.size() >= 2 && begin[0] == '<' && begin[1] != '\0';
    choose(wide && letters ? "utf-8" : declared_);
  } else {
    const std::string label = core::to_lower(charset_of_meta(begin));
    // A page whose meta element could be read as ASCII is not UTF-16, whatever it says (HTML 13.2.3.3).
    choose(label.starts_with("utf-16") ? "utf-8" : label);
  }
}

void charset_decoder::choose(std::string_view label) {
  const std::string name = charset_name(label);
  mode_ = mode::utf8;
  if (name.empty()) return;
  if (name == western) {
    mode_ = mode::windows_1252;
    return;
  }
  auto made = std::make_unique<converter>(name);
  if (!made->usable()) return;
  converter_ = std::move(made);
  mode_ = mode::iconv;
}

void charset_decoder::convert(std::string_view bytes, bool last) {
  std::string joined;
  if (!pending_.empty()) {
    joined = std::move(pending_);
    pending_.clear();
    joined.append(bytes);
    bytes = joined;
  }
  switch (mode_) {
    case mode::undecided:
      break;
    case mode::utf8:
      convert_utf8(bytes, last);
      break;
    case mode::windows_1252:
      out_ = core::windows_1252_to_utf8(bytes);
      break;
    case mode::iconv:
      convert_iconv(bytes);
      if (last && !pending_.empty()) out_.append(replacement);
      break;
  }
  out_.erase(std::remove(out_.begin(), out_.end(), '\0'), out_.end());
}

void charset_decoder::convert_utf8(std::string_view bytes, bool last) {
  if (core::is_utf8(bytes)) {
    out_ = bytes;
    return;
  }
  out_.reserve(bytes.size() + 16);
  while (!bytes.empty()) {
    const int length = sequence_length(bytes);
    if (length == 0 && !last) {
      pending_ = bytes;
      return;
    }
    if (length > 0) {
      out_.append(bytes.substr(0, static_cast<std::size_t>(length)));
      bytes.remove_prefix(static_cast<std::size_t>(length));
    } else {
      out_.append(core::windows_1252_to_utf8(bytes.substr(0, 1)));
      bytes.remove_prefix(1);
    }
  }
}

void charset_decoder::convert_iconv(std::string_view bytes) {
  std::array<char, 4096> room{};
  std::string input(bytes);
  char* from = input.data();
  std::size_t left = input.size();
  while (left > 0) {
    char* to = room.data();
    std::size_t free = room.size();
    const std::size_t done = ::iconv(converter_->handle, &from, &left, &to, &free);
    const int error = done == static_cast<std::size_t>(-1) ? errno : 0;
    out_.append(room.data(), room.size() - free);
    if (error == EINVAL) {  // a character that the next chunk completes
      pending_.assign(from, left);
      return;
    }
    if (error == EILSEQ) {
      out_.append(replacement);
      ++from;
      --left;
    } else if (error != 0 && error != E2BIG) {
      return;
    }
  }
}

}  // namespace pofetch::sources
