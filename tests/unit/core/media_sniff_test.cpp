#include "core/media_sniff.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;
using namespace pofetch::core;
using namespace std::string_literals;

TEST_CASE("media_sniff: HTML pages and what is none") {
  for (const std::string& page :
       {"<!DOCTYPE html><html>"s, "<!doctype HTML PUBLIC"s, "\xEF\xBB\xBF  \r\n<html lang='en'>"s, "<HTML>"s,
        "<head>"s, "<body class=x>"s, "<!-- saved --> <!-- x --><html>"s,
        "<?xml version='1.0'?>\n<!DOCTYPE html>"s, "<h1>Not found</h1>"s, "<p>x"s, "<br/>"s, "<script>x"s,
        "<meta charset=utf-8>"s, "<title>Sign in"s, "\xFF\xFE<\0h\0t\0m\0l\0>\0"s,
        "\xFE\xFF\0<\0h\0t\0m\0l\0>"s}) {
    CAPTURE(page);
    CHECK(looks_like_html(page));
  }
  for (const std::string& other :
       {""s, "%PDF-1.4"s, "<htmlx>"s, "<html"s, "<?xml version='1.0'?><invoice/>"s, "<svg>"s, "text <html>"s,
        "<!-- open"s, "<!DOCTYPE svg>"s, "<"s, "<header>"s, "PK\x03\x04"s, "<pre>"s, "<path/>"s, "<h12>"s}) {
    CAPTURE(other);
    CHECK_FALSE(looks_like_html(other));
  }
}

TEST_CASE("media_sniff: types of HTML") {
  CHECK(is_html_type("text/html"));
  CHECK(is_html_type(" Text/HTML ; charset=utf-8"));
  CHECK(is_html_type("application/xhtml+xml"));
  CHECK_FALSE(is_html_type("text/htmlx"));
  CHECK_FALSE(is_html_type(""));
}

TEST_CASE("media_sniff: name, type and beginning of a body") {
  const std::string page = "<!DOCTYPE html><html><body>Please sign in";
  const std::string zip = "PK\x03\x04....";
  const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....";
  const std::string json = "{\"error\":\"gone\"}";
  struct row {
    std::string name;
    std::string type;
    std::string bytes;
    bool contradicts;
  };
  const row rows[] = {
      // Pages in disguise
      {"a.pdf", "application/pdf", page, true},
      {"a.pdf", "text/html", page, true},
      {"a.csv", "text/html", page, true},
      {"a.txt", "text/html; charset=utf-8", page, true},
      {"a.txt", "text/plain", page, false},
      {"a.eml", "message/rfc822", page, false},
      {"a.xls", "application/vnd.ms-excel", page, true},
      {"a.unknown", "application/octet-stream", page, true},
      {"page.html", "text/html", page, false},
      {"PAGE.HTM", "application/octet-stream", page, false},
      {"noextension", "text/html", page, false},
      {"noextension", "", page, false},
      {"noextension", "application/pdf", page, true},
      // Leading bytes
      {"a.pdf", "application/pdf", "%PDF-1.7", false},
      {"a.PDF", "", std::string(1000, ' ') + "%PDF-1.7", false},
      {"a.pdf", "", std::string(1030, ' ') + "%PDF-1.7", true},
      {"a.pdf", "", zip, true},
      {"a.pdf", "", json, true},
      {"a.zip", "", zip, false},
      {"a.zip", "", "PK\x05\x06 empty archive", false},
      {"a.zip", "", "%PDF-1.4", true},
      {"a.docx", "", zip, false},
      {"a.docx", "", ole, false},
      {"a.xlsx", "", "a;b;c", true},
      {"a.pptx", "", zip, false},
      {"a.msg", "", ole, false},
      {"a.msg", "", zip, true},
      {"a.doc", "", ole, false},
      {"a.doc", "", "{\\rtf1", false},
      {"a.doc", "", json, true},
      {"a.doc", "", "\x89PNG\r\n\x1A\n\0\0"s, true},
      {"a.xls", "", "a\tb\tc\r\n", false},
      {"a.xls", "", "\x09\x08\x10\0"s, false},
      {"a.xls", "", zip, false},
      {"a.xls", "", "\xFF\xD8\xFF\xE0\0\x10"s, true},
      {"a.ppt", "", "text", true},
      {"a.png", "", "\x89PNG\r\n\x1A\n....", false},
      {"a.png", "", "\xFF\xD8\xFF\xE0", true},
      {"a.jpg", "", "\xFF\xD8\xFF\xE0", false},
      {"a.JPEG", "", "\xFF\xD8\xFF\xE1", false},
      {"a.jpg", "", "GIF89a", true},
      {"a.gif", "", "GIF89a", false},
      {"a.gif", "", "GIF88a", true},
      {"a.tif", "", "II*\0rest"s, false},
      {"a.tiff", "", "MM\0*rest"s, false},
      {"a.tif", "", "XX*\0"s, true},
      {"a.tar.gz", "", "\x1F\x8B\x08", false},
      {"a.tar.gz", "", "not gzip", true},
      // Too short to contradict, but by what is there
      {"a.png", "", "\x89P", false},
      {"a.png", "", "X", true},
      // Nothing known about the kind
      {"a.dwg", "", "anything", false},
      {"a", "application/pdf", "anything", false},
      // Empty files are files
      {"a.pdf", "application/pdf", "", false},
      {"a.png", "text/html", "", false},
  };
  for (const auto& r : rows) {
    CAPTURE(r.name);
    CAPTURE(r.type);
    CAPTURE(r.bytes);
    const auto found = contradiction(r.name, r.type, r.bytes);
    CHECK(found.has_value() == r.contradicts);
    if (!found) continue;
    CHECK(found->code == errc::unexpected_content);
    CHECK(found->message.find(r.name + ":") == 0);
  }
}

TEST_CASE("media_sniff: gzip files by name or type") {
  struct row {
    std::string name;
    std::string type;
    bool is_gzip;
  };
  const row rows[] = {
      {"a.gz", "", true},
      {"a.tar.gz", "text/plain", true},
      {"A.TGZ", "", true},
      {"logo.svgz", "image/svg+xml", true},
      {"plan.emz", "", true},
      {"a.csv.gz", "text/csv", true},
      {"a", "application/gzip", true},
      {"a.bin", "application/x-gzip; charset=binary", true},
      {"a.bin", "Application/X-Tar+Gzip", true},
      {"a.bin", "application/x-compressed-tar", true},
      {"a.pdf", "application/pdf", false},
      {"a.tar", "application/x-tar", false},
      {"a.svg", "image/svg+xml", false},
      {"a.csv", "text/csv", false},
      {"gz", "", false},
      {".gz", "", false},
      {"a.gz.txt", "", false},
      {"", "", false},
  };
  for (const row& r : rows) {
    CAPTURE(r.name);
    CAPTURE(r.type);
    CHECK(is_gzip_file(r.name, r.type) == r.is_gzip);
  }
}

TEST_CASE("media_sniff: what the server clearly means as the file") {
  struct row {
    std::string name;
    std::string type;
    std::string disposition;
    bool meant;
  };
  const row rows[] = {
      {"a.xls", "application/vnd.ms-excel", "attachment", true},
      {"a.xls", "application/vnd.ms-excel", "", true},
      {"a.xls", "application/msexcel", "", true},
      {"a.xls", "application/x-xls", "", true},
      {"a.doc", "application/msword", "", true},
      {"a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", true},
      {"a.xls", "text/html", "attachment; filename=a.xls", true},
      {"a.xls", "text/html", "inline; filename=a.xls", true},
      {"a.pdf", "application/pdf", "ATTACHMENT; filename=a.pdf", true},
      {"a.csv", "", "filename=a.csv", true},
      {"a.xls", "text/html", "", false},
      {"a.xls", "text/html", "inline", false},
      {"a.xls", "application/octet-stream", "", true},
      {"a.xls", "binary/octet-stream", "", true},
      {"a.xls", "application/force-download", "inline", true},
      {"a.csv", "text/csv; charset=utf-8", "", true},
      {"a.csv", "application/vnd.ms-excel", "", true},
      {"a.tsv", "text/tab-separated-values", "", true},
      {"a.ods", "application/vnd.oasis.opendocument.spreadsheet", "", true},
      {"a.ppt", "application/vnd.ms-powerpoint", "", true},
      {"a.rtf", "text/rtf", "", true},
      {"a.csv", "text/html", "", false},
      {"a.csv", "text/plain", "", false},
      {"a.xls", "text/plain", "", false},
      {"a.pdf", "application/octet-stream", "", false},
      {"a.xls", "", "", false},
      {"a.pdf", "application/pdf", "", false},
      {"a.pdf", "application/vnd.ms-excel", "", false},
      {"a.bin", "application/octet-stream", "inline", false},
  };
  for (const row& r : rows) {
    CAPTURE(r.name);
    CAPTURE(r.type);
    CAPTURE(r.disposition);
    CHECK(is_meant_as_file(r.name, r.type, r.disposition) == r.meant);
  }
}
