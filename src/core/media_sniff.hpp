#pragma once

#include <pofetch/error.hpp>

#include <optional>
#include <string_view>

namespace pofetch::core {

/// Bytes of a body's beginning that `contradiction` wants to see, if there are so many.
inline constexpr std::size_t sniff_size = 1024;

/// Does it begin like an HTML page: after a byte order mark, white space, comments and an XML
/// declaration, a doctype html, or one of the elements that begin a page?
[[nodiscard]] bool looks_like_html(std::string_view first_bytes);

/// Is `media_type` (a Content-Type value) that of an HTML page?
[[nodiscard]] bool is_html_type(std::string_view media_type) noexcept;

/// Does the name, or `media_type`, say that the file is a gzip file itself (.gz, .tgz, .svgz, .emz,
/// application/gzip, ...)?
[[nodiscard]] bool is_gzip_file(std::string_view file_name, std::string_view media_type);

/// Does the server clearly mean an HTML body as the file of that name: it gives it as an attachment or under
/// a file name (Content-Disposition), or, where Office opens HTML under that name (.xls, .csv, .doc, ...),
/// under a media type of Office or of files to download (application/octet-stream)? ERP systems export tables
/// so.
[[nodiscard]] bool is_meant_as_file(std::string_view file_name, std::string_view media_type,
                                    std::string_view disposition);

/// Failure unexpected_content if the body cannot be what its name or type says: an HTML page where a file
/// was expected, or leading bytes that contradict .pdf .zip .docx .xlsx .pptx .msg .doc .xls .ppt .png .jpg
/// .jpeg .gif .tif .tiff .7z .rar .gz. A name that ends in .html or the like may hold HTML, so may a
/// name without extension whose type is HTML. No bytes at all contradict nothing.
[[nodiscard]] std::optional<failure> contradiction(std::string_view file_name, std::string_view media_type,
                                                   std::string_view first_bytes);

}  // namespace pofetch::core
