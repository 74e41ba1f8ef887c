#include "core/media_sniff.hpp"

#include "core/ascii.hpp"
#include "core/content_disposition.hpp"
#include "core/file_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace pofetch::core {
namespace {

using namespace std::string_view_literals;

struct file_kind {
  std::string_view extension;
  /// For a person.
  std::string_view what;
  /// One of these stands at the beginning ...
  std::vector<std::string_view> leads;
  /// ... or anywhere within the first so many bytes.
  std::size_t within = 0;
  /// Programs also write plain text (RTF, XML, tab-separated) under that name.
  bool or_text = false;
};

const std::vector<file_kind>& file_kinds() {
  static const std::vector<std::string_view> zip{"PK\x03\x04"sv, "PK\x05\x06"sv, "PK\x07\x08"sv};
  static const std::vector<std::string_view> ole{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv};
  // Office encrypts the new formats into the old container.
  static const std::vector<std::string_view> office{zip[0], zip[1], zip[2], ole[0]};
  static const std::vector<std::string_view> tiff{"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv};
  static const std::vector<std::string_view> jpeg{"\xFF\xD8\xFF"sv};
  static const std::vector<file_kind> kinds{
      {".pdf", "a PDF file", {"%PDF"sv}, 1024},
      {".zip", "a ZIP archive", zip, 0},
      {".docx", "a Word document", office, 0},
      {".xlsx", "an Excel workbook", office, 0},
      {".pptx", "a PowerPoint file", office, 0},
      {".msg", "an Outlook message", ole, 0},
      {".doc", "a Word document", {ole[0], zip[0], "\xDB\xA5"sv, "\x31\xBE"sv}, 0, true},
      {".xls",
       "an Excel workbook",
       {ole[0], zip[0], "\x09\x08"sv, "\x09\x04"sv, "\x09\x02"sv, "\x09\0"sv},
       0,
       true},
      {".ppt", "a PowerPoint file", {ole[0], zip[0]}, 0},
      {".png", "a PNG image", {"\x89PNG\r\n\x1A\n"sv}, 0},
      {".jpg", "a JPEG image", jpeg, 0},
      {".jpeg", "a JPEG image", jpeg, 0},
      {".gif", "a GIF image", {"GIF87a"sv, "GIF89a"sv}, 0},
      {".tif", "a TIFF image", tiff, 0},
      {".tiff", "a TIFF image", tiff, 0},
      {".gz", "a gzip file", {"\x1F\x8B"sv}, 0},
      {".7z", "a 7-Zip archive", {"7z\xBC\xAF\x27\x1C"sv}, 0},
      {".rar", "a RAR archive", {"Rar!\x1A\x07"sv}, 0},
  };
  return kinds;
}

std::string_view last_extension(std::string_view name) noexcept {
  const std::string_view extension = split_extension(name).extension;
  return extension.substr(extension.rfind('.') == std::string_view::npos ? 0 : extension.rfind('.'));
}

bool is_html_name(std::string_view extension) noexcept {
  constexpr std::array<std::string_view, 7> kinds{".html", ".htm",   ".xhtml", ".xht",
                                                  ".mht",  ".mhtml", ".shtml"};
  return std::any_of(kinds.begin(), kinds.end(), [extension](auto k) { return iequals(k, extension); });
}

/// Mails and texts may begin with anything, HTML included, if the server calls them what they are.
bool may_hold_markup(std::string_view extension) noexcept {
  constexpr std::array<std::string_view, 7> kinds{".txt", ".xml", ".svg", ".eml", ".md", ".php", ".asp"};
  return std::any_of(kinds.begin(), kinds.end(), [extension](auto k) { return iequals(k, extension); });
}

/// Text, but not JSON: that is what an interface answers when it has no file.
bool is_document_text(std::string_view bytes) noexcept {
  const std::string_view begin = trim(bytes);
  const bool rtf = begin.substr(0, 5) == "{\\rtf";
  if (!rtf && !begin.empty() && (begin.front() == '{' || begin.front() == '[')) return false;
  return std::none_of(bytes.begin(), bytes.end(), [](char c) { return is_control(c) && !is_space(c); });
}

bool holds(const file_kind& kind, std::string_view bytes) {
  if (kind.or_text && is_document_text(bytes)) return true;
  return std::any_of(kind.leads.begin(), kind.leads.end(), [&](std::string_view lead) {
    if (kind.within > 0) return bytes.substr(0, kind.within).find(lead) != std::string_view::npos;
    // So short a beginning says nothing unless it differs.
    return lead.substr(0, bytes.size()) == bytes.substr(0, lead.size());
  });
}

std::string_view media_essence(std::string_view media_type) noexcept {
  return trim(media_type.substr(0, media_type.find(';')));
}

/// Text between marks that may come before a page, skipped.
std::string_view skip_preamble(std::string_view text) {
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  if (text.substr(0, bom.size()) == bom) text.remove_prefix(bom.size());
  for (;;) {
    text = trim(text);
    std::string_view close;
    if (text.substr(0, 4) == "<!--") close = "-->";
    if (istarts_with(text, "<?xml")) close = "?>";
    if (close.empty()) return text;
    const auto end = text.find(close);
    if (end == std::string_view::npos) return text;
    text.remove_prefix(end + close.size());
  }
}

/// UTF-16 with a byte order mark, as the ASCII in it, in `room`; other text as it is.
std::string_view narrow(std::string_view bytes, std::string& room) {
  const bool little = bytes.substr(0, 2) == "\xFF\xFE"sv;
  const bool big = bytes.substr(0, 2) == "\xFE\xFF"sv;
  if (!little && !big) return bytes;
  for (std::size_t i = little ? 2 : 3; i < bytes.size(); i += 2) room += bytes[i];
  return room;
}

}  // namespace

bool is_html_type(std::string_view media_type) noexcept {
  const std::string_view essence = media_essence(media_type);
  return iequals(essence, "text/html") || iequals(essence, "application/xhtml+xml");
}

bool looks_like_html(std::string_view first_bytes) {
  constexpr std::array<std::string_view, 21> elements{
      "html",   "head",   "body", "title", "script", "meta", "link", "style", "div",  "table",   "form",
      "iframe", "center", "base", "h1",    "h2",     "h3",   "p",    "br",    "font", "noscript"};
  std::string room;
  const std::string_view page = skip_preamble(narrow(first_bytes.substr(0, 4096), room));
  if (istarts_with(page, "<!doctype")) return istarts_with(trim(page.substr(9)), "html");
  if (page.empty() || page.front() != '<') return false;
  const std::string_view name = page.substr(1);
  return std::any_of(elements.begin(), elements.end(), [name](std::string_view element) {
    if (!istarts_with(name, element) || name.size() == element.size()) return false;
    const char next = name[element.size()];
    return is_space(next) || next == '>' || next == '/';
  });
}

bool is_gzip_file(std::string_view file_name, std::string_view media_type) {
  constexpr std::array<std::string_view, 9> extensions{".gz",   ".gzip", ".tgz", ".taz", ".tpz",
                                                       ".svgz", ".emz",  ".wmz", ".cpgz"};
  constexpr std::array<std::string_view, 11> types{"application/gzip",
                                                   "application/x-gzip",
                                                   "application/x-gunzip",
                                                   "application/gzipped",
                                                   "application/gzip-compressed",
                                                   "application/x-gzip-compressed",
                                                   "application/x-tgz",
                                                   "application/x-compressed-tar",
                                                   "application/x-gtar-compressed",
                                                   "image/x-emz",
                                                   "gzip/document"};
  const std::string_view extension = last_extension(file_name);
  const std::string type = to_lower(media_essence(media_type));
  return std::any_of(extensions.begin(), extensions.end(),
                     [extension](auto each) { return iequals(each, extension); }) ||
         std::find(types.begin(), types.end(), type) != types.end() || type.ends_with("+gzip");
}

bool is_meant_as_file(std::string_view file_name, std::string_view media_type, std::string_view disposition) {
  constexpr std::string_view attachment = "attachment";
  const std::string_view how = trim(disposition.substr(0, disposition.find(';')));
  if (iequals(how, attachment) || filename_from(disposition)) return true;
  constexpr std::array<std::string_view, 18> opened{".xls", ".xlt",  ".xla", ".xlsx", ".xlsb", ".doc",
                                                    ".dot", ".docx", ".rtf", ".csv",  ".tsv",  ".tab",
                                                    ".ods", ".odt",  ".odp", ".ppt",  ".pps",  ".pptx"};
  constexpr std::array<std::string_view, 13> office{
      "excel", "msword",  "ms-word",      "spreadsheet", "officedocument", "xls",     "rtf",
      "csv",   "tab-sep", "opendocument", "powerpoint",  "octet-stream",   "download"};
  const std::string_view extension = last_extension(file_name);
  // Nobody sends a page for people as a stream of bytes.
  const std::string_view type = media_essence(media_type);
  return std::any_of(opened.begin(), opened.end(),
                     [extension](auto each) { return iequals(each, extension); }) &&
         std::any_of(office.begin(), office.end(),
                     [type](auto each) { return ifind(type, each) != std::string_view::npos; });
}

std::optional<failure> contradiction(std::string_view file_name, std::string_view media_type,
                                     std::string_view first_bytes) {
  if (first_bytes.empty()) return std::nullopt;
  const std::string_view extension = last_extension(file_name);
  if (is_html_name(extension)) return std::nullopt;
  if (looks_like_html(first_bytes)) {
    const bool html_type = is_html_type(media_type);
    if (extension.empty() && (html_type || media_type.empty())) return std::nullopt;
    if (!html_type && may_hold_markup(extension)) return std::nullopt;
    return make_failure(
        errc::unexpected_content,
        fmt::format("{}: an HTML page came where {} was expected, perhaps a sign-in or error page.",
                    file_name, extension.empty() ? "a file" : fmt::format("a {} file", extension)));
  }
  const auto& kinds = file_kinds();
  const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                 [extension](const file_kind& k) { return iequals(k.extension, extension); });
  if (kind == kinds.end() || holds(*kind, first_bytes)) return std::nullopt;
  return make_failure(errc::unexpected_content,
                      fmt::format("{}: the content does not begin like {}.", file_name, kind->what));
}

}  // namespace pofetch::core
