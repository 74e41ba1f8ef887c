// The whole engine against an origin that sends something else than it says: codings, digests, ranges, types.
#include "integration/misbehaviour_fixture.hpp"
#include "support/gzip.hpp"

using namespace pofetch;
using namespace pofetch::testing;

namespace {

const std::string sha = base64_sha256_of_hello();
const std::string hex_of_hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const std::string other_sha(43, 'A');  // with "=" behind it

misbehaviour_script coded(std::string coding, std::string body, origin_peer::fields more = {}) {
  more.emplace_back("Content-Encoding", std::move(coding));
  return reply(200, std::move(body), std::move(more));
}

misbehaviour_script with(origin_peer::fields fields) { return reply(200, "hello", std::move(fields)); }

misbehaviour listed(misbehaviour row, std::string sha256, std::string size) {
  row.sha256 = std::move(sha256);
  row.size = std::move(size);
  return row;
}

misbehaviour named(misbehaviour row, std::string name) {
  row.name = std::move(name);
  return row;
}

/// Kept, and told of.
misbehaviour remarked(misbehaviour row, std::string name, std::string words) {
  row.name = std::move(name);
  row.code = "unexpected_content";
  row.words = std::move(words);
  return row;
}

const std::string whole = "abcdefghijklmnopqrst";

/// Announces all, sends eight bytes, breaks off.
misbehaviour_script first_eight(std::string etag) {
  return [etag = std::move(etag)](const visit& v) {
    v.peer.send_head(200, {{"Content-Length", "20"}, {"ETag", etag}, {"Content-Type", "text/plain"}});
    v.peer.send(whole.substr(0, 8));
    v.peer.cut();
  };
}

/// A part, if exactly the rest behind `at` was asked for under "v1"; else an answer that fails the row.
misbehaviour_script part(std::size_t at, std::string body, origin_peer::fields fields, int status = 206) {
  return [=](const visit& v) {
    const bool asked = v.request.header("range") == "bytes=" + std::to_string(at) + "-" &&
                       v.request.header("if-range") == "\"v1\"" &&
                       v.request.header("accept-encoding") == "identity";
    if (asked)
      v.peer.reply(status, body, fields);
    else
      v.peer.reply(404, "not asked for a part");
  };
}

/// The whole, if no part was asked for.
misbehaviour_script all_of(std::string body, origin_peer::fields fields = {}) {
  return [=](const visit& v) {
    if (v.request.header("range").empty() && v.request.header("if-range").empty())
      v.peer.reply(200, body, fields);
    else
      v.peer.reply(404, "asked for a part");
  };
}

misbehaviour in_tries(std::string slug, std::vector<misbehaviour_script> each, std::string file,
                      std::uint64_t attempts) {
  const std::size_t requests = each.size();
  misbehaviour row = fine(std::move(slug), turns(std::move(each)), std::move(file), requests);
  row.attempts = attempts;
  return row;
}

}  // namespace

TEST_CASE("misbehaviour: content codings that nobody asked for are undone, or refused as a whole") {
  const std::string good = gzipped("hello");
  std::string bad_sum = good;
  bad_sum[bad_sum.size() - 6] ^= 1;
  std::string bad_length = good;
  bad_length[bad_length.size() - 3] ^= 1;
  const std::string bomb = gzipped(std::string(10'000'000, '\0'));
  REQUIRE(bomb.size() < 100'000);
  misbehaviour_run run({
      fine("gzip", coded("gzip", good)),
      fine("x-gzip", coded("X-GZIP", good)),
      fine("identity", coded("identity", "hello")),
      fine("deflate", coded("deflate", gzipped("hello", zlib_format))),
      fine("deflate-raw", coded("deflate", gzipped("hello", raw_format))),
      fine("two-members", coded("gzip", gzipped("hel") + gzipped("lo"))),
      fine("gzip-of-nothing", coded("gzip", gzipped("")), ""),
      listed(fine("gzip-listed", coded("gzip", good)), hex_of_hello, "5"),
      // Digests of HTTP are of the encoded bytes, which are gone; they are not taken for the file's.
      fine("gzip-digests", coded("gzip", good,
                                 {{"Content-Digest", "sha-256=:" + other_sha + "=:"},
                                  {"Repr-Digest", "sha-256=:" + other_sha + "=:"},
                                  {"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}})),
      in_tries("gzip-cut",
               {[good](const visit& v) {
                  v.peer.send_head(200, {{"Content-Encoding", "gzip"},
                                         {"ETag", "\"v1\""},
                                         {"Content-Length", std::to_string(good.size())}});
                  v.peer.send(good.substr(0, good.size() - 4));
                  v.peer.cut();
                },
                all_of("hello")},
               "hello", 2),
      given_up("check-sum", coded("gzip", bad_sum), "digest_mismatch", "check sum"),
      given_up("length", coded("gzip", bad_length), "digest_mismatch", "check sum"),
      given_up("tail", coded("gzip", good.substr(0, good.size() - 5)), "truncated",
               "before its own end mark"),
      given_up("half", coded("gzip", good.substr(0, 12)), "truncated", "before its own end mark"),
      healed(coded("gzip", bad_sum), "healed"),
      refused("bomb", coded("gzip", bomb), "too_large", "100000 bytes"),
      refused("not-gzip", coded("gzip", "hello"), "protocol", "announced as gzip but is not"),
      remarked(fine("rubbish-behind", coded("gzip", good + "rubbish")), "x.bin", "7 bytes behind the end"),
      refused("rubbish-raw", coded("deflate", gzipped("hello", raw_format) + "hello"), "protocol",
              "after the end of the deflate body"),
      refused("brotli", coded("br", "hello"), "unsupported", "only gzip and deflate"),
      refused("twice", coded("gzip, gzip", gzipped(good)), "unsupported", "only gzip and deflate"),
      refused("brotli-error", reply(404, "hello", {{"Content-Encoding", "br"}}), "http_404", "404"),
  });
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: what is called a coding and is none is told, and the bytes are the file") {
  std::vector<misbehaviour> rows;
  for (const std::string word :
       {"aws-chunked", "AWS-CHUNKED", "utf-8", "binary", "none", "8bit", "x-unknown"})
    rows.push_back(remarked(fine("length-" + std::to_string(rows.size()), coded(word, "hello")), "x.bin",
                            "which is no coding"));
  for (const std::string word : {"", "identity", "identity, identity", ","})
    rows.push_back(fine("nothing-" + std::to_string(rows.size()), coded(word, "hello")));
  for (const std::string word : {"aws-chunked,gzip", "gzip, aws-chunked", "utf-8, x-gzip"})
    rows.push_back(remarked(fine("mixed-" + std::to_string(rows.size()), coded(word, gzipped("hello"))),
                            "x.bin", "which is no coding"));
  rows.push_back(
      remarked(fine("chunked", raw("HTTP/1.1 200 OK\r\nContent-Encoding: aws-chunked\r\nTransfer-Encoding: "
                                   "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")),
               "x.bin", "aws-chunked"));
  rows.push_back(
      remarked(fine("two-fields", coded("aws-chunked", gzipped("hello"), {{"Content-Encoding", "gzip"}})),
               "x.bin", "aws-chunked"));
  // As without the word: the length, the digests and the list are held, and a body that broke off goes on.
  rows.push_back(given_up(
      "short",
      [](const visit& v) {
        v.peer.send_head(200, {{"Content-Encoding", "aws-chunked"}, {"Content-Length", "9"}});
        v.peer.send("hello");
      },
      "truncated", "5 of 9 bytes"));
  rows.push_back(given_up("digest",
                          coded("aws-chunked", "hello", {{"Repr-Digest", "sha-256=:" + other_sha + "=:"}}),
                          "digest_mismatch", "Repr-Digest announces"));
  rows.push_back(listed(remarked(fine("listed", coded("aws-chunked", "hello")), "x.bin", "aws-chunked"),
                        hex_of_hello, "5"));
  rows.push_back(remarked(fine("both", coded("aws-chunked", "{}")), "x.xlsx", "Also, the server says"));
  rows.back().file = "{}";
  for (const std::string word : {"br", "zstd", "compress", "gzip, br", "aws-chunked, zstd"})
    rows.push_back(refused("foreign-" + std::to_string(rows.size()), coded(word, "hello"), "unsupported",
                           "which nobody asked for; only gzip and deflate"));
  misbehaviour_run run(std::move(rows));
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: a gzip file that is called gzip-coded as well stays packed") {
  const std::string packed = gzipped("hello");
  const auto typed = [&packed](const std::string& type) {
    return coded("gzip", packed, {{"Content-Type", type}});
  };
  misbehaviour by_field =
      named(fine("field", coded("gzip", packed, {{"Content-Disposition", "attachment; filename=backup.tgz"}}),
                 packed),
            "backup.tgz");
  misbehaviour_run run({
      named(fine("tar-gz", coded("gzip", packed), packed), "x.tar.gz"),
      named(fine("tgz", coded("x-gzip", packed), packed), "x.tgz"),
      named(fine("csv-gz", typed("text/csv"), packed), "x.csv.gz"),
      named(fine("svgz", typed("image/svg+xml"), packed), "x.svgz"),
      named(fine("emz", typed("application/octet-stream"), packed), "x.emz"),
      fine("type", typed("application/x-gzip"), packed),
      fine("type-plain", typed("application/gzip"), packed),
      fine("type-suffix", typed("application/x-tar+gzip; x=y"), packed),
      by_field,
      // All else is what the coding makes of it.
      named(fine("pdf", coded("gzip", gzipped("%PDF-1.7")), "%PDF-1.7"), "x.pdf"),
      named(fine("svg", coded("gzip", gzipped("<svg/>"), {{"Content-Type", "image/svg+xml"}}), "<svg/>"),
            "x.svg"),
      named(fine("deflate", coded("deflate", gzipped(packed, zlib_format)), packed), "x.tar.gz"),
  });
  run.run_and_check(exit_state::ok);
}

TEST_CASE("misbehaviour: every digest that is announced is held, and nothing is made of what is none") {
  const std::string bad = "sha-256=:" + other_sha + "=:";
  const std::string good = "sha-256=:" + sha + ":";
  const std::string word = "digest_mismatch";
  misbehaviour_run run({
      given_up("repr", with({{"Repr-Digest", bad}}), word, "Repr-Digest announces"),
      given_up("repr-512", with({{"Repr-Digest", "sha-512=:" + std::string(86, 'A') + "==:"}}), word,
               "SHA-512"),
      given_up("content", with({{"Content-Digest", bad}}), word, "Content-Digest announces"),
      given_up("digest", with({{"Digest", "SHA-256=" + other_sha + "="}}), word, "Digest announces"),
      given_up("digest-sha", with({{"Digest", "SHA=AAAAAAAAAAAAAAAAAAAAAAAAAAA="}}), word, "SHA-1"),
      given_up("md5", with({{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}}), word, "Content-MD5 announces"),
      given_up("one-of-fields", with({{"Repr-Digest", good}, {"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}}),
               word, "Content-MD5 announces"),
      given_up("one-of-lines",
               with({{"Repr-Digest", good}, {"Repr-Digest", "md5=:AAAAAAAAAAAAAAAAAAAAAA==:"}}), word, "MD5"),
      given_up("one-of-members", with({{"Repr-Digest", "unixsum=:AA==:, " + bad}}), word, "SHA-256"),
      listed(given_up("list", with({}), word, "the list announces"), std::string(64, '0'), ""),
      listed(given_up("list-size", with({}), word, "5 bytes came, but the source announced 6"), "", "6"),
      listed(given_up("list-size-0", with({}), word, "announced 0"), "", "0"),
      healed(with({{"Repr-Digest", bad}}), "healed"),
      listed(fine("right", with({{"Repr-Digest", good + ", md5=:XUFAKrxLKna5cZ2REBfFkg==:;x=1"},
                                 {"Content-Digest", good},
                                 {"Digest", "sha-256=" + sha + ",SHA=qvTGHdzF6KLavt4PO0gs2a6pQ00="},
                                 {"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}})),
             hex_of_hello, "5"),
      fine("unknown", with({{"Repr-Digest", "unixsum=:AA==:, sha-999=:" + other_sha + "=:"},
                            {"Digest", "crc32c=AAAA"}})),
      fine("malformed", with({{"Repr-Digest", "sha-256=" + other_sha + "="},
                              {"Content-Digest", "sha-256=:" + other_sha + "="},
                              {"Digest", "SHA-256"},
                              {"Content-MD5", "hello"}})),
      fine("wrong-length", with({{"Repr-Digest", "sha-256=:AAAA:"}, {"Content-MD5", "AAAA"}})),
  });
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: a body goes on where it broke off, and two versions are never joined") {
  const std::string v1 = "\"v1\"";
  const std::string rest = whole.substr(8);
  const auto range = [](std::string text, std::string etag = "\"v1\"") {
    origin_peer::fields fields{{"Content-Range", std::move(text)}};
    if (!etag.empty()) fields.emplace_back("ETag", std::move(etag));
    return fields;
  };
  const std::string changed = "ABCDEFGHIJKLMNOPQRSTUVWX";
  const auto again = all_of(changed, {{"ETag", "\"v2\""}});
  const auto cut = first_eight(v1);
  // A part that cannot be used costs a request, but no try.
  const auto unusable = [&](const std::string& slug, misbehaviour_script answer) {
    return in_tries(slug, {cut, std::move(answer), again}, changed, 2);
  };
  misbehaviour_run run({
      in_tries("right", {cut, part(8, rest, range("bytes 8-19/20"))}, whole, 2),
      in_tries("twice",
               {cut,
                [rest, v1](const visit& v) {
                  v.peer.send_head(
                      206, {{"Content-Length", "12"}, {"ETag", v1}, {"Content-Range", "bytes 8-19/20"}});
                  v.peer.send(rest.substr(0, 6));
                  v.peer.cut();
                },
                part(14, whole.substr(14), range("bytes 14-19/20"))},
               whole, 3),
      unusable("first-byte", part(8, rest, range("bytes 7-19/20"))),
      unusable("last-byte", part(8, rest.substr(1), range("bytes 8-18/20"))),
      unusable("total", part(8, rest, range("bytes 8-19/21"))),
      unusable("no-total", part(8, rest, range("bytes 8-19/*"))),
      unusable("no-range", part(8, rest, {{"ETag", v1}})),
      unusable("no-etag", part(8, rest, range("bytes 8-19/20", ""))),
      unusable("other-etag", part(8, rest, range("bytes 8-19/20", "\"v2\""))),
      unusable("weak-now", part(8, rest, range("bytes 8-19/20", "W/\"v1\""))),
      unusable("length", part(8, rest + "uvw", range("bytes 8-19/20"))),
      unusable("coded",
               part(8, gzipped(rest),
                    {{"Content-Range", "bytes 8-19/20"}, {"ETag", v1}, {"Content-Encoding", "gzip"}})),
      unusable("multipart", part(8, "--x\r\n\r\nxyz\r\n--x--",
                                 {{"Content-Type", "multipart/byteranges; boundary=x"}, {"ETag", v1}})),
      unusable("416", part(8, "", {{"Content-Range", "bytes */4"}}, 416)),
      in_tries("200-same", {cut, part(8, whole, {{"ETag", v1}}, 200)}, whole, 2),
      in_tries("200-changed", {cut, part(8, changed, {{"ETag", "\"v2\""}}, 200)}, changed, 2),
      in_tries("weak", {first_eight("W/\"v1\""), all_of(whole)}, whole, 2),
      in_tries("unquoted", {first_eight("v1"), all_of(whole)}, whole, 2),
      in_tries(
          "digest",
          {cut,
           part(8, rest,
                {{"Content-Range", "bytes 8-19/20"}, {"ETag", v1}, {"Repr-Digest", "sha-256=:" + sha + ":"}}),
           all_of(whole)},
          whole, 3),
      refused("unasked", reply(206, rest, range("bytes 8-19/20")), "protocol", "206 Partial Content"),
  });
  run.options.pool.retries = 3;
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE(
    "misbehaviour: content that contradicts its name: pages are refused, the rest is kept with a remark") {
  const std::string page = "<!DOCTYPE html><html><body>Service unavailable</body></html>";
  const std::string form =
      "<html><form><input id='user_email' name='user[login]'><input id='user_password' "
      "type='password'></form></html>";
  const origin_peer::fields html{{"Content-Type", "text/html; charset=utf-8"}};
  const std::string table = "<table><tr><td>1</td></tr></table>";
  const std::string titled = "<html><head><title>Error log</title></head><body>" + table + "</body></html>";
  const std::pair<std::string, std::string> attached{"Content-Disposition", "attachment"};
  const std::string png = "\x89PNG\r\n\x1A\n....";
  misbehaviour_run run({
      named(refused("pdf", reply(200, page, html), "unexpected_content", "an HTML page came where a .pdf"),
            "x.pdf"),
      named(refused("zip", reply(200, page, html), "unexpected_content", "an HTML page came"), "x.zip"),
      named(refused("docx", reply(200, page), "unexpected_content", "an HTML page came"), "x.docx"),
      named(refused("txt", reply(200, page, html), "unexpected_content", "an HTML page came"), "x.txt"),
      // Nobody signed in anywhere: the list has addresses of strangers.
      named(refused("form", reply(200, form, html), "unexpected_content", "an HTML page came"), "x.pdf"),
      named(refused("html-type", reply(200, "Internal error", html), "unexpected_content",
                    "does not begin like a PDF"),
            "x.pdf"),
      named(fine("html", reply(200, page, html), page), "x.html"),
      named(fine("htm", reply(200, page), page), "x.htm"),
      remarked(fine("png-as-pdf", reply(200, png, {{"Content-Type", "application/pdf"}}), png), "x.pdf",
               "does not begin like a PDF file"),
      remarked(fine("json-as-xlsx", reply(200, "{}"), "{}"), "x.xlsx",
               "does not begin like an Excel workbook"),
      // HTML that the server gives as the file
      remarked(
          fine("xls", reply(200, table, {{"Content-Type", "application/vnd.ms-excel"}, attached}), table),
          "price list.xls", "it is HTML, which the server gives as this file"),
      remarked(fine("xls-type", reply(200, table, {{"Content-Type", "application/vnd.ms-excel"}}), table),
               "x.xls", "it is HTML"),
      remarked(fine("xls-html", reply(200, table, {{"Content-Type", "text/html"}, attached}), table), "x.xls",
               "it is HTML"),
      remarked(fine("doc",
                    reply(200, "<html><body><p>Dear Sir</p></body></html>",
                          {{"Content-Type", "application/msword"}, attached}),
                    "<html><body><p>Dear Sir</p></body></html>"),
               "x.doc", "it is HTML"),
      remarked(fine("csv", reply(200, table, {{"Content-Type", "text/csv"}, attached}), table), "x.csv",
               "it is HTML"),
      remarked(
          fine("pdf-attached", reply(200, table, {{"Content-Type", "application/pdf"}, attached}), table),
          "x.pdf", "it is HTML"),
      named(fine("mht",
                 reply(200, "<html><p>saved</p></html>", {{"Content-Type", "multipart/related"}, attached}),
                 "<html><p>saved</p></html>"),
            "x.mht"),
      named(refused("xls-no-word", reply(200, table, html), "unexpected_content", "an HTML page came"),
            "x.xls"),
      remarked(fine("xls-stream", reply(200, table, {{"Content-Type", "application/octet-stream"}}), table),
               "x.xls", "it is HTML"),
      remarked(fine("csv-type", reply(200, table, {{"Content-Type", "text/csv"}}), table), "x.csv",
               "it is HTML"),
      named(fine("csv-as-csv", reply(200, "a,b", {{"Content-Type", "text/csv"}}), "a,b"), "x.csv"),
      named(refused("xls-stream-error", reply(200, page, {{"Content-Type", "application/octet-stream"}}),
                    "unexpected_content", "an HTML page came"),
            "x.xls"),
      remarked(fine("xls-title", reply(200, titled, {{"Content-Type", "application/vnd.ms-excel"}, attached}),
                    titled),
               "x.xls", "it is HTML"),
      named(refused("xls-form", reply(200, form, {{"Content-Type", "application/vnd.ms-excel"}, attached}),
                    "unexpected_content", "an HTML page came"),
            "x.xls"),
      named(refused("xls-error", reply(200, page, {{"Content-Type", "application/vnd.ms-excel"}, attached}),
                    "unexpected_content", "an HTML page came"),
            "x.xls"),
      named(refused("pdf-error",
                    reply(200, "<html><head><title>Error</title></head><body>x</body></html>",
                          {{"Content-Type", "application/pdf"}, attached}),
                    "unexpected_content", "an HTML page came"),
            "x.pdf"),
      named(fine("pdf-as-pdf", reply(200, "%PDF-1.7"), "%PDF-1.7"), "x.pdf"),
      named(fine("empty-pdf", reply(200, ""), ""), "x.pdf"),
  });
  run.run_and_check(exit_state::incomplete);
}
