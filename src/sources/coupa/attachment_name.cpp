#include "sources/coupa/attachment_name.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"
#include "sources/html/page_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pofetch::sources {

namespace {

constexpr std::size_t longest_name = 1024;

/// Endings of files that people attach, sorted.
constexpr std::array<std::string_view, 143> document_endings{
    "3dm",  "3dxml", "3mf",     "7z",     "accdb",  "ai",   "asc",  "asm",  "avi",  "bak",  "bmp",
    "bz2",  "cad",   "cdr",     "cer",    "crt",    "csv",  "dat",  "db",   "dbf",  "dgn",  "djvu",
    "doc",  "docm",  "docx",    "dot",    "dotx",   "dwf",  "dwg",  "dxf",  "edi",  "edrw", "emf",
    "eml",  "emlx",  "emz",     "eps",    "epub",   "fdf",  "gif",  "gpx",  "gz",   "heic", "heif",
    "htm",  "html",  "iam",     "ics",    "ifc",    "iges", "igs",  "indd", "ipt",  "iso",  "jfif",
    "jp2",  "jpeg",  "jpg",     "json",   "jsonl",  "jt",   "key",  "kml",  "kmz",  "log",  "m4a",
    "m4v",  "mdb",   "md",      "mht",    "mhtml",  "mkv",  "mov",  "mp3",  "mp4",  "mpeg", "mpg",
    "mpp",  "msg",   "numbers", "odg",    "odp",    "ods",  "odt",  "oft",  "one",  "oxps", "p7b",
    "p7m",  "p7s",   "pages",   "pdf",    "pem",    "png",  "pot",  "potx", "pps",  "ppsx", "ppt",
    "pptm", "pptx",  "prn",     "prt",    "ps",     "psd",  "pst",  "pub",  "rar",  "rtf",  "rvt",
    "sig",  "skp",   "slddrw",  "sldasm", "sldprt", "sql",  "step", "stl",  "stp",  "svg",  "tar",
    "tgz",  "tif",   "tiff",    "tsv",    "txt",    "vcf",  "vsd",  "vsdx", "wav",  "webm", "webp",
    "wmf",  "wmv",   "wpd",     "xls",    "xlsb",   "xlsm", "xlsx", "xlt",  "xltx", "xml",  "xps"};

std::string_view ending_of(std::string_view name) noexcept {
  name = core::trim(name);
  return name.substr(name.rfind('.') + 1);
}

bool is_known_ending(std::string_view ending) noexcept {
  return std::any_of(document_endings.begin(), document_endings.end(),
                     [ending](std::string_view each) { return core::iequals(each, ending); });
}

/// `.pdf`, `*.pdf`, `only .pdf`: which files, not one.
bool is_pattern(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  return dot == 0 || core::is_space(text[dot - 1]) || text[dot - 1] == '*' || text[dot - 1] == '/';
}

/// Digits before `.2MB` or `.30am`.
bool is_amount(std::string_view stem) {
  stem = core::trim(stem);
  stem.remove_prefix(stem.rfind(' ') + 1);
  return stem.find_first_not_of("0123456789,") == std::string_view::npos;
}

bool is_host_or_mail(std::string_view text) {
  constexpr std::array<std::string_view, 14> tops{"com",   "net", "org", "info", "biz", "gov", "edu",
                                                  "cloud", "app", "dev", "de",   "br",  "eu",  "uk"};
  if (text.find('@') != std::string_view::npos || core::istarts_with(text, "www.")) return true;
  const std::string_view top = ending_of(text);
  return text.find(' ') == std::string_view::npos &&
         std::any_of(tops.begin(), tops.end(),
                     [top](std::string_view each) { return core::iequals(each, top); });
}

/// Several names glued together with rows of `=`: the first is that of the link's own file.
std::string_view before_glue(std::string_view text) noexcept {
  return core::trim(text.substr(0, text.find("====")));
}

/// Words on a link that are no name.
bool is_generic(std::string_view text) {
  constexpr std::array<std::string_view, 8> words{"download", "view",  "open",      "file",
                                                  "baixar",   "abrir", "descargar", "ver"};
  for (const auto word : words)
    if (core::iequals(text, word)) return true;
  return false;
}

std::string name_in_query(std::string_view url) {
  for (const std::string_view name : {"filename", "file", "name"}) {
    const auto value = core::query_value(url, name);
    if (value && looks_like_file_name(*value)) return collapse_space(*value, longest_name);
  }
  return {};
}

}  // namespace

bool looks_like_file_name(std::string_view text) noexcept {
  text = core::trim(text);
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.size() > longest_name) return false;
  const std::string_view extension = text.substr(dot + 1);
  if (extension.size() < 2 || extension.size() > 8) return false;
  for (const char c : extension)
    if (!core::is_alnum(c)) return false;
  return text.find("://") == std::string_view::npos;
}

bool is_document_name(std::string_view text) noexcept {
  if (!looks_like_file_name(text)) return false;
  const std::string_view ending = ending_of(text);
  if (is_known_ending(ending) && !is_pattern(text)) return true;
  const bool amount = core::is_digit(ending.front()) && is_amount(text.substr(0, text.rfind('.')));
  return !amount && !is_pattern(text) &&
         std::any_of(ending.begin(), ending.end(), [](char c) { return core::is_alpha(c); });
}

likeness likeness_of(std::string_view text) noexcept {
  constexpr std::size_t longest = 255;  // a longer one is a sentence
  text = core::trim(text);
  if (text.size() > longest || !is_document_name(text)) return likeness::none;
  if (is_known_ending(ending_of(text))) return likeness::sure;
  const std::string_view stem = text.substr(0, text.rfind('.'));
  if (is_host_or_mail(text)) return likeness::none;
  const bool marked =
      std::any_of(stem.begin(), stem.end(), [](char c) { return core::is_digit(c) || c == '_' || c == '-'; });
  return marked ? likeness::unsure : likeness::none;
}

std::string_view without_download_prefix(std::string_view title) noexcept {
  title = core::trim(title);
  constexpr std::string_view prefix = "Download ";
  return core::istarts_with(title, prefix) ? core::trim(title.substr(prefix.size())) : title;
}

std::string_view name_in_label(std::string_view label) noexcept {
  label = core::trim(label);
  constexpr std::string_view suffix = " file attachment";
  if (label.size() <= suffix.size()) return {};
  const std::size_t at = label.size() - suffix.size();
  return core::iequals(label.substr(at), suffix) ? core::trim(label.substr(0, at)) : std::string_view{};
}

chosen_name choose_name(const name_hints& hints, std::string_view url) {
  using quality = chosen_name::quality;
  const std::string_view in_label = name_in_label(hints.aria_label);
  const std::array<std::string_view, 4> texts{
      core::trim(hints.download), without_download_prefix(hints.title),
      in_label.empty() ? core::trim(hints.aria_label) : in_label, before_glue(hints.text)};
  for (const auto text : texts)
    if (looks_like_file_name(text)) return {collapse_space(text, longest_name), quality::from_page};
  if (std::string name = name_in_query(url); !name.empty()) return {std::move(name), quality::from_address};
  std::string last = core::last_path_segment(url);
  if (looks_like_file_name(last)) return {std::move(last), quality::from_address};
  constexpr std::size_t longest_fallback = 200;
  for (const auto text : texts)
    if (!text.empty() && text.size() <= longest_fallback && !is_generic(text))
      return {collapse_space(text, longest_name), quality::fallback};
  return {std::move(last), quality::fallback};
}

}  // namespace pofetch::sources
