// Names from outside, through every way in, with the whole engine: what stands on the disk afterwards is what
// the rule says, at the right depth, and nothing else has changed anywhere.
#include "core/encoding.hpp"
#include "core/percent.hpp"
#include "core/unicode.hpp"
#include "support/origin.hpp"
#include "support/temp_dir.hpp"
#include "support/tree.hpp"

#include <pofetch/batch.hpp>

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

using namespace pofetch;
using namespace std::string_literals;
using testing::origin;
using testing::origin_peer;
using testing::origin_request;
namespace fs = std::filesystem;

namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

struct hostile {
  std::string name;
  std::string file;    ///< as the name of an attachment, read as one level
  std::string folder;  ///< as one level of folders; empty: the same
};

/// What a way in makes of what is left of nothing is its own affair: those rows say `-`.
const std::vector<hostile>& hostile_names() {
  static const std::vector<hostile> rows = {
      {"../../x.pdf", ".._.._x.pdf", {}},
      {"..\\..\\x.pdf", ".._.._x.pdf", {}},
      {"/etc/cron.d/x.pdf", "_etc_cron.d_x.pdf", {}},
      {"a/../../../x.pdf", "a_.._.._.._x.pdf", {}},
      {"C:\\x.pdf", "C__x.pdf", {}},
      {"C:x.pdf", "C_x.pdf", {}},
      {"\\\\server\\share\\x.pdf", "__server_share_x.pdf", {}},
      {"\\\\?\\C:\\x.pdf", "____C__x.pdf", {}},
      {"x.pdf:evil", "x.pdf_evil", {}},
      {"x.pdf::$DATA", "x.pdf__$DATA", {}},
      {"a%00b.pdf", "a%00b.pdf", {}},
      {"a%2f..%2fb.pdf", "a%2f..%2fb.pdf", {}},
      {"a\u202Efdp.exe", "afdp.exe", {}},
      {"a\u200Bb\uFEFF\u2066.pdf", "ab.pdf", {}},
      {"CON", "_CON", {}},
      {"nul.txt", "_nul.txt", {}},
      {"COM1", "_COM1", {}},
      {"LPT\u00B9", "_LPT\u00B9", {}},
      {"aux.", "_aux", {}},
      {"con" + std::string(300, ' ') + "x.txt", "_con.txt", "_con"},
      {"a.pdf. . ", "a.pdf", {}},
      {"  a.pdf", "a.pdf", {}},
      {"~", "~", {}},
      {"~root", "~root", {}},
      {"-rf", "-rf", {}},
      {"$(touch x).pdf", "$(touch x).pdf", {}},
      {".", "-", "-"},
      {"..", "-", "-"},
      {"...", "-", "-"},
      {". .", "-", "-"},
      {times(300, "é") + ".pdf", times(125, "é") + ".pdf", times(127, "é")},
      {times(100, "😀") + ".tar.gz", times(62, "😀") + ".tar.gz", times(63, "😀")},
      {"e\u0301.pdf", "é.pdf", {}},
      {"a\uFF0F..\uFF0Fb.pdf", "a\uFF0F..\uFF0Fb.pdf", {}},
      {"a\u2044b\u2215c.pdf", "a\u2044b\u2215c.pdf", {}},
      {".pofetch", ".pofetch", "_.pofetch"},
      {".POFETCH", ".POFETCH", "_.POFETCH"},
      {".po\u200Bfetch", ".pofetch", "_.pofetch"},
      {"report.csv", "report.csv", "_report.csv"},
      {"Report.CSV", "Report.CSV", "_Report.CSV"},
      {"report.c\u017Fv", "report.c\u017Fv", "_report.c\u017Fv"},
      {"ledger.db", "ledger.db", {}},
      {"partial", "partial", {}},
  };
  return rows;
}

/// Those that no list of text can hold, and what is left of them.
const std::vector<hostile>& hostile_bytes() {
  static const std::vector<hostile> rows = {
      {"a\0b.pdf"s, "ab.pdf", {}},
      {"a\r\nSet-Cookie: x=1.pdf", "a  Set-Cookie_ x=1.pdf", {}},
      {"a\x1b[2Jb\x07.pdf", "a[2Jb.pdf", {}},
      {"a\xC2\x9B"
       "31mb.pdf",
       "a31mb.pdf",
       {}},
      {"a\u2028b.pdf", "a b.pdf", {}},
  };
  return rows;
}

std::vector<hostile> all_names() {
  std::vector<hostile> all = hostile_names();
  all.insert(all.end(), hostile_bytes().begin(), hostile_bytes().end());
  return all;
}

std::string folder_name(const hostile& row) { return row.folder.empty() ? row.file : row.folder; }

/// Bodies by target, and the Content-Disposition that comes with them.
struct served {
  std::string body;
  std::string disposition{};
};

struct site {
  explicit site(std::map<std::string, served> all)
      : files(std::move(all)),
        server([this](const origin_request& ask, origin_peer& peer) { answer(ask, peer); }) {
    fs::create_directories(dir / "mine/beside");
    test::write_file(dir / "mine/beside/precious", "precious");
    test::write_file(dir / "mine/x", "precious");
    fs::create_directories(dir / "mine/deep/er");
    options.out = dir / "mine/deep/er/out";
    options.input = (dir / "list").string();
    options.pool.ca_file = server.ca_file().string();
    options.pool.retries = 0;
    options.pool.sync = durability::none;
  }

  void answer(const origin_request& ask, origin_peer& peer) {
    const std::string target = core::decode_percent(ask.target);
    const auto found = files.find(target);
    if (found == files.end()) {
      peer.reply(404, "nothing");
      return;
    }
    origin_peer::fields fields{{"Content-Type", target.starts_with("/order") ? "text/html; charset=utf-8"
                                                                             : "application/octet-stream"}};
    if (!found->second.disposition.empty())
      fields.emplace_back("Content-Disposition", found->second.disposition);
    peer.reply(200, found->second.body, fields);
  }

  batch_result run() {
    progress silent;
    batch job(options, silent);
    return job.run();
  }

  /// Runs twice; files and folders but for pofetch's own have to be these, and nothing else may have changed.
  void check(const std::map<std::string, std::string>& expected) {
    const test::tree around = test::tree_of(dir.path(), "mine/deep/er/out");
    const batch_result first = run();
    CHECK(first.state == exit_state::ok);
    check_out(expected);
    const std::size_t asked = server.counts().requests;
    CHECK(run().state == exit_state::ok);
    check_out(expected);
    // The second run asks for a page at most, to see whether the session lives.
    CHECK(server.counts().requests <= asked + 1);
    CHECK(test::tree_of(dir.path(), "mine/deep/er/out") == around);
  }

  void check_out(const std::map<std::string, std::string>& expected) const {
    std::map<std::string, std::string> found;
    for (const auto& [path, what] : test::tree_of(options.out, ".pofetch"))
      if (what != "folder" && path != "report.csv") found[path] = what;
    for (const auto& each : expected) {
      const std::string& path = each.first;
      const std::string& body = each.second;
      CAPTURE(path);
      REQUIRE(found.count(path) == 1);
      CHECK(found[path] == "file: " + body);
      found.erase(path);
    }
    for (const auto& [path, what] : found) FAIL_CHECK("nobody expects " << path << ": " << what);
    CHECK(fs::is_empty(options.out / ".pofetch/partial"));
  }

  test::temp_dir dir;
  std::map<std::string, served> files;
  origin server;
  batch_options options;
};

struct list_row {
  std::string po;
  std::string url;
  std::string filename{};
  std::string region{};
};

void write_list(const site& at, const std::vector<list_row>& rows) {
  std::string text;
  for (const list_row& row : rows)
    text += boost::json::serialize(boost::json::object{
                {"po", row.po}, {"url", row.url}, {"filename", row.filename}, {"region", row.region}}) +
            "\n";
  test::write_file(at.dir / "list.jsonl", text);
}

std::map<std::string, served> plain_files(std::size_t count) {
  std::map<std::string, served> files;
  for (std::size_t i = 0; i < count; ++i) files["/f/" + std::to_string(i)] = {"body " + std::to_string(i)};
  return files;
}

std::string number_of(std::size_t i) { return "p" + std::to_string(i); }

std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("&<>\"'").find(c) != std::string_view::npos)
      out += fmt::format("&#{};", static_cast<int>(c));
    else
      out += c;
  }
  return out;
}

std::string escaped_quotes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

TEST_CASE("hostile names: in a manifest's file name, one level beneath the PO and nothing else") {
  const auto names = all_names();
  site at(plain_files(names.size()));
  at.options.input = (at.dir / "list.jsonl").string();
  std::vector<list_row> rows;
  std::map<std::string, std::string> expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    rows.push_back({number_of(i), at.server.base_url() + "/f/" + std::to_string(i), names[i].name});
    const std::string name = names[i].file == "-" ? "attachment" : names[i].file;
    expected[number_of(i) + "/" + name] = "body " + std::to_string(i);
  }
  write_list(at, rows);
  at.check(expected);
}

TEST_CASE("hostile names: in Content-Disposition, plain and extended, without folders before them") {
  // RFC 6266 4.3: folders are dropped. What leaves nothing gives way to the URL's last part.
  const auto after_folders = [](const hostile& row, std::size_t i) {
    if (row.file == "-") return std::to_string(i);
    if (row.name.find("x.pdf") != std::string::npos && row.name.find_first_of("/\\") != std::string::npos)
      return "x.pdf"s;
    return row.file;
  };
  const auto names = all_names();
  for (const bool extended : {false, true}) {
    CAPTURE(extended);
    std::map<std::string, served> files;
    std::map<std::string, std::string> expected;
    std::vector<list_row> rows;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& name = names[i].name;
      const bool sendable = std::none_of(name.begin(), name.end(), [](char c) { return c >= 0 && c < ' '; });
      if (!extended && !sendable) continue;
      std::string wanted = after_folders(names[i], i);
      // Without spaces it is read as percent-encoded, as servers write it.
      if (!extended && name == "a%00b.pdf") wanted = "ab.pdf";
      if (!extended && name == "a%2f..%2fb.pdf") wanted = "b.pdf";
      files["/f/" + std::to_string(i)] = {
          "body " + std::to_string(i),
          extended ? "attachment; filename=\"harmless.pdf\"; filename*=UTF-8''" + core::encode_component(name)
                   : "attachment; filename=\"" + escaped_quotes(name) + "\""};
      if (extended && names[i].file == "-") wanted = "harmless.pdf";
      expected[number_of(i) + "/" + wanted] = "body " + std::to_string(i);
      rows.push_back({number_of(i), "/f/" + std::to_string(i)});
    }
    site at(files);
    at.options.input = (at.dir / "list.jsonl").string();
    for (list_row& row : rows) row.url.insert(0, at.server.base_url());
    write_list(at, rows);
    at.check(expected);
  }
}

TEST_CASE("hostile names: bytes that are no UTF-8 in Content-Disposition, read as Windows-1252") {
  const std::vector<hostile> names = {
      {"caf\xE9.pdf", "café.pdf", {}},
      {"a\xC0\xAE\xC0\xAE\xC0\xAF"
       "b.pdf",
       "aÀ®À®À¯b.pdf",
       {}},  // overlong `../`
      {"a\xED\xA0\x80.pdf", "aí €.pdf", {}},
      {"\xFF\xFE.pdf", "ÿþ.pdf", {}},
  };
  std::map<std::string, served> files;
  std::map<std::string, std::string> expected;
  std::vector<list_row> rows;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string target = "/f/" + std::to_string(i);
    files[target] = {"body " + std::to_string(i), "attachment; filename=\"" + names[i].name + "\""};
    expected[number_of(i) + "/" + names[i].file] = "body " + std::to_string(i);
    rows.push_back({number_of(i), target});
  }
  site at(files);
  at.options.input = (at.dir / "list.jsonl").string();
  for (list_row& row : rows) row.url.insert(0, at.server.base_url());
  write_list(at, rows);
  at.check(expected);
}

TEST_CASE("hostile names: in the last part of a URL") {
  const auto names = all_names();
  std::map<std::string, served> files;
  std::map<std::string, std::string> expected;
  std::vector<list_row> rows;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string folder = "/f/" + std::to_string(i) + "/";
    const bool dots = names[i].name == "." || names[i].name == "..";
    if (dots) continue;  // these are no last part of any URL
    files[folder + names[i].name] = {"body " + std::to_string(i)};
    expected[number_of(i) + "/" + (names[i].file == "-" ? "attachment" : names[i].file)] =
        "body " + std::to_string(i);
    rows.push_back({number_of(i), folder + core::encode_component(names[i].name)});
  }
  site at(files);
  at.options.input = (at.dir / "list.jsonl").string();
  for (list_row& row : rows) row.url.insert(0, at.server.base_url());
  write_list(at, rows);
  at.check(expected);
}

TEST_CASE("hostile names: as PO number of a manifest, and as folder column, one level each") {
  for (const bool column : {false, true}) {
    CAPTURE(column);
    // A PO is printable text; a cell of another column is anything.
    const auto names = column ? all_names() : hostile_names();
    site at(plain_files(names.size()));
    at.options.input = (at.dir / "list.jsonl").string();
    if (column) at.options.folder_columns = {"region"};
    std::vector<list_row> rows;
    std::map<std::string, std::string> expected;
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string url = at.server.base_url() + "/f/" + std::to_string(i);
      std::string level = folder_name(names[i]);
      if (level == "-") level = column ? "Unknown" : "unnamed";
      if (column) {
        rows.push_back({number_of(i), url, "a.pdf", names[i].name});
        expected[level + "/" + number_of(i) + "/a.pdf"] = "body " + std::to_string(i);
        continue;
      }
      rows.push_back({names[i].name, url, "a.pdf"});
      // No two POs share a folder, compared as a file system without case does.
      const std::string key = core::fold_case(level);
      if (const int use = ++uses[key]; use > 1) level += " (" + std::to_string(use) + ")";
      expected[level + "/a.pdf"] = "body " + std::to_string(i);
    }
    write_list(at, rows);
    at.check(expected);
  }
}

TEST_CASE("hostile names: on a page, in title, aria-label and text") {
  const auto names = all_names();
  enum class place { title, label, text };
  for (const place where : {place::title, place::label, place::text}) {
    CAPTURE(static_cast<int>(where));
    std::map<std::string, served> files;
    std::map<std::string, std::string> expected;
    files["/order_headers"] = {"<html><title>Orders</title><h1>Orders</h1></html>"};
    std::string orders = "po_number\n";
    for (std::size_t i = 0; i < names.size(); ++i) {
      const hostile& row = names[i];
      // Pages have no NUL, and line breaks and spaces in a row are one space there.
      const bool plain = row.name.find_first_of("\r\n\0"s) == std::string::npos &&
                         row.name.find("   ") == std::string::npos &&
                         row.name.find('\x1b') == std::string::npos;
      const bool named = row.name.ends_with(".pdf") || row.name.ends_with(".txt") ||
                         row.name.ends_with(".csv") || row.name.ends_with(".exe");
      if (!plain || !named) continue;
      const std::string number = std::to_string(9000 + i);
      const std::string text = escaped_html(row.name);
      const std::string target = "/attachments/" + number + "/download";
      std::string link = "<a href='" + target + "'";
      if (where == place::title) link += " title=\"Download " + text + "\"";
      if (where == place::label) link += " aria-label=\"" + text + " file attachment\"";
      link += ">" + (where == place::text ? text : "Download") + "</a>";
      files["/order_headers/" + number] = {"<!DOCTYPE html><html><head><title>Purchase Order #" + number +
                                           "</title></head><body><h1>Purchase Order #" + number + "</h1>" +
                                           link + "</body></html>"};
      files[target] = {"body " + number};
      expected[number + "/" + row.file] = "body " + number;
      orders += number + "\n";
    }
    REQUIRE(expected.size() > 15);
    site at(files);
    at.options.base_url = at.server.base_url();
    at.options.input = (at.dir / "orders.csv").string();
    test::write_file(at.options.input, orders);
    at.check(expected);
  }
}

TEST_CASE("hostile names: look-alikes by case and by normalisation get numbers, in the order of the list") {
  const std::vector<std::string> names = {"A.pdf",       "a.PDF",     "é.pdf",           "e\u0301.pdf",
                                          "E\u0301.PDF", "a (2).pdf", "Stra\u00DFe.pdf", "STRASSE.pdf"};
  const std::vector<std::string> wanted = {"A.pdf",           "a (2).PDF",      "é.pdf",
                                           "é (2).pdf",       "É (3).PDF",      "a (2) (2).pdf",
                                           "Stra\u00DFe.pdf", "STRASSE (2).pdf"};
  site at(plain_files(names.size()));
  at.options.input = (at.dir / "list.jsonl").string();
  std::vector<list_row> rows;
  std::map<std::string, std::string> expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    rows.push_back({"1", at.server.base_url() + "/f/" + std::to_string(i), names[i]});
    expected["1/" + wanted[i]] = "body " + std::to_string(i);
  }
  write_list(at, rows);
  at.check(expected);
}

TEST_CASE("hostile names: what was in the folder before is never overwritten, compared without case") {
  site at(plain_files(3));
  at.options.input = (at.dir / "list.jsonl").string();
  fs::create_directories(at.options.out / "1");
  test::write_file(at.options.out / "1/A.PDF", "precious");
  fs::create_directory(at.options.out / "1/b.pdf");
  fs::create_symlink("../../../../beside/precious", at.options.out / "1/c.pdf");
  std::vector<list_row> rows;
  for (const char* name : {"a.pdf", "b.pdf", "c.pdf"})
    rows.push_back({"1", at.server.base_url() + "/f/" + std::to_string(rows.size()), name});
  write_list(at, rows);
  const test::tree before = test::tree_of(at.options.out);
  at.run();
  at.run();
  test::tree after = test::tree_of(at.options.out, ".pofetch");
  for (const auto& [path, what] : before) CHECK(after[path] == what);
  CHECK(after["1/a (2).pdf"] == "file: body 0");
  CHECK(after["1/b (2).pdf"] == "file: body 1");
  CHECK(after["1/c (2).pdf"] == "file: body 2");
  CHECK(test::read_file(at.dir / "mine/beside/precious") == "precious");
}
