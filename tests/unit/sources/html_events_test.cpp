#include "sources/html/html_events.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace pofetch::sources {

namespace {

/// Writes down what it is told; neighbouring texts are joined.
struct recorder final : html_handler {
  std::string log;
  std::size_t most_depth = 0;
  std::size_t balance = 0;
  bool in_text = false;

  void element_started(const html_element& element) override {
    in_text = false;
    most_depth = std::max(most_depth, element.depth);
    ++balance;
    CHECK(element.depth == balance);
    log += "<" + std::string(element.name);
    for (const auto& each : element.attributes)
      log += " " + std::string(each.name) + "='" + std::string(each.value) + "'";
    log += ">";
  }
  void element_ended(std::string_view name, std::size_t depth) override {
    in_text = false;
    CHECK(depth == balance);
    --balance;
    log += "</" + std::string(name) + ">";
  }
  void text(std::string_view chars) override {
    if (!in_text) log += "|";
    in_text = true;
    log += chars;
  }
};

struct outcome {
  std::string log;
  std::string error;
};

outcome read(std::string_view page, std::size_t split = std::string_view::npos,
             std::string_view type = "text/html; charset=utf-8", html_limits limits = {}) {
  recorder seen;
  html_events events(seen, type, limits);
  outcome made;
  const std::string_view first = page.substr(0, std::min(split, page.size()));
  for (const std::string_view piece : {first, page.substr(first.size())}) {
    auto fed = events.feed(piece);
    if (!fed) {
      CHECK(fed.error().code == errc::unexpected_content);
      made.error = fed.error().message;
    }
  }
  auto ended = events.finish();
  if (!ended) made.error = ended.error().message;
  if (made.error.empty()) CHECK(seen.balance == 0);
  made.log = seen.log;
  return made;
}

}  // namespace

TEST_CASE("html_events: elements, attributes and text, told in order") {
  const struct {
    const char* page;
    const char* log;
  } rows[] = {
      {"<html><body><a href=\"/x\">y</a></body></html>", "<html><body><a href='/x'>|y</a></body></html>"},
      {"<A HREF='/x?a=1&amp;b=2' DownLoad>y</A>",
       "<html><body><a href='/x?a=1&b=2' download=''>|y</a></body></html>"},
      {"<p title=a.pdf>Caf&eacute; &#x2713; &amp;amp;",
       "<html><body><p title='a.pdf'>|Caf\xC3\xA9 \xE2\x9C\x93 &amp;</p></body></html>"},
      {"<div><!-- <a href=/no> --><script>if (a < b) '<a href=\"/no\">';</script><style>a{}</style>t</div>",
       "<html><body><div><script></script><style></style>|t</div></body></html>"},
      {"<turbo-frame><section><x-y z=1>t",
       "<html><body><turbo-frame><section><x-y z='1'>|t</x-y></section></turbo-frame></body></html>"},
      {"<br><img src=a><input value=\"1\" disabled>",
       "<html><body><br></br><img src='a'></img><input value='1' disabled=''></input></body></html>"},
      {"<div title=\"a > b\">t</div>", "<html><body><div title='a > b'>|t</div></body></html>"},
      {"<div title='say \"<b>\"'>t</div>", "<html><body><div title='say \"<b>\"'>|t</div></body></html>"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.page);
    CHECK(read(row.page).log == row.log);
  }
}

TEST_CASE("html_events: a page cut anywhere, told the same") {
  const std::string page =
      "\xEF\xBB\xBF<!DOCTYPE html><html><head><meta charset=utf-8><title>Pedido n\xC2\xBA 1 &amp; "
      "more</title>"
      "<script type='x'>var a = \"</div>\" < '</scr' + 1;</script></head><body class=a data-x='1 > 2'>"
      "<!-- a -- > b --><!----><a HREF = \"/x?a=1&amp;b=%20\" title='it&#39;s \"q\" > x' "
      "download>Caf\xC3\xA9 &eacute;&#233; &unknown; & "
      "\xE2\x82\xAC \xF0\x9F\x93\x8E</a><br/><p>one<p>two<ul><li>a<li>b</ul> a < b <3 <span "
      "onclick=\"open('/x')\">"
      "</span></nothing></body></html>\n";
  const std::string whole = read(page).log;
  CHECK(whole.find("Caf\xC3\xA9 \xC3\xA9\xC3\xA9") != std::string::npos);
  for (std::size_t at = 0; at <= page.size(); ++at) {
    CAPTURE(at);
    CHECK(read(page, at).log == whole);
  }
  recorder seen;
  html_events events(seen, "text/html; charset=utf-8");
  for (const char c : page) REQUIRE(events.feed(std::string_view(&c, 1)).has_value());
  REQUIRE(events.finish().has_value());
  CHECK(seen.log == whole);
}

TEST_CASE("html_events: mutilated pages, whatever the cut, told the same") {
  const std::string sound =
      "<!DOCTYPE html><title>PO 1</title><script>a < '</b>'</script><div id=topForm class=\"a b\"><!-- x "
      "--><a "
      "href='/attachments/1/download?a=1&amp;b=2' title=\"it's\" download>Caf\xC3\xA9 &eacute; "
      "&#8364;</a><br/>"
      "<ul><li data-url=/x>a<li>b</ul><style>p>a{}</style></div><p>end";
  const std::vector<std::string> bits{
      "<",         ">",    "\"",  "'",    "&",    "=",    "!",
      "-->",       "<!--", "/",   "</",   "</a>", "<p",   "<script>",
      "</script>", ";",    "&#",  "&amp", "\xC3", "\xFF", std::string(1, '\0'),
      " ",         "\r\n", "]]>", "<?",   "<b/"};
  std::mt19937 random(20260101);
  const auto below = [&random](std::size_t most) { return static_cast<std::size_t>(random()) % most; };
  for (int round = 0; round < 2000; ++round) {
    std::string page = sound;
    for (std::size_t i = 0; i <= below(6); ++i) {
      const std::size_t at = below(page.size());
      if (below(3) == 0)
        page.erase(at, 1 + below(12));
      else
        page.insert(at, bits[below(bits.size())]);
    }
    const outcome whole = read(page);
    const std::size_t cut = below(page.size());
    CAPTURE(page);
    CAPTURE(cut);
    CHECK(read(page, cut).log == whole.log);
  }
}

TEST_CASE("html_events: a large page in any chunks, told as it arrives") {
  std::string page = "<html><body>";
  for (int i = 0; i < 5000; ++i)
    page += "<li class=\"attachment\" data-note='it \"is\"'><a href='/attachments/" + std::to_string(i) +
            "/download' title='x.pdf'>x.pdf</a></li>";
  for (const std::size_t chunk : {1021U, 16384U, 65536U}) {
    CAPTURE(chunk);
    struct counter final : html_handler {
      std::size_t starts = 0;
      void element_started(const html_element&) override { ++starts; }
      void element_ended(std::string_view, std::size_t) override {}
      void text(std::string_view) override {}
    } seen;
    html_events events(seen, "text/html; charset=utf-8");
    std::size_t most_behind = 0;
    for (std::size_t at = 0; at < page.size(); at += chunk) {
      REQUIRE(events.feed(std::string_view(page).substr(at, chunk)).has_value());
      const std::size_t expected = std::min(page.size(), at + chunk) / 110 * 2;
      if (expected > seen.starts) most_behind = std::max(most_behind, expected - seen.starts);
    }
    REQUIRE(events.finish().has_value());
    CHECK(seen.starts == 10'002);
    CHECK(most_behind < 50);
  }
}

TEST_CASE("html_events: hostile pages, bounded and survived") {
  const auto many = [](std::string_view what, std::size_t count) {
    std::string made;
    for (std::size_t i = 0; i < count; ++i) made += what;
    return made;
  };
  const struct {
    const char* what;
    std::string page;
    const char* error;  ///< part of the message; empty: the page is read
  } rows[] = {
      {"deep", many("<div>", 100'000), "nested too deep"},
      {"deep, ended by others", many("<b>", 400) + many("</i>", 30'000), "end nothing"},
      {"many elements", many("<br>", 600'000), "too many elements"},
      {"endless tag", "<a title=\"" + std::string(5U << 20, 'x'), "too long"},
      {"endless comment", "<!-- " + std::string(5U << 20, 'x'), ""},
      {"endless script", "<script>" + std::string(5U << 20, 'x'), ""},
      {"huge attribute", "<a title=\"" + std::string(1U << 20, 'x') + "\">t</a>", ""},
      {"many attributes", "<a " + many("x=1 ", 10'000) + ">t</a>", ""},
      {"NUL bytes", std::string("<a href='/x\0y'>a\0b</a>", 23), ""},
      {"unclosed quote", "<a href='/x>t</a>", ""},
      {"unclosed tag", "<a href=/x", ""},
      {"only lt", many("<", 10'000), ""},
      {"only amp", many("&", 10'000), ""},
      {"invalid UTF-8", "<p>\xFF\xFE\xC3(\xE2\x82</p>", ""},
      {"nothing", "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const outcome got = read(row.page);
    if (*row.error == '\0')
      CHECK(got.error.empty());
    else
      CHECK(got.error.find(row.error) != std::string::npos);
  }
}

TEST_CASE("html_events: a value longer than the bound, taken for empty") {
  CHECK(read("<a href='" + std::string(70'000, 'x') + "' title=t>").log.find("<a href='' title='t'>") !=
        std::string::npos);
}

TEST_CASE("html_events: NUL bytes, dropped and nothing lost behind them") {
  const std::string page("<p>a\0b</p><a href='/\0x'>t</a>", 30);
  CHECK(read(page).log == "<html><body><p>|ab</p><a href='/x'>|t</a></body></html>");
}

TEST_CASE("html_events: numeric references, read as browsers do") {
  const struct {
    const char* page;
    const char* text;
  } rows[] = {
      {"<p>&#128;&#150;&#x99;", "\xE2\x82\xAC\xE2\x80\x93\xE2\x84\xA2"},
      {"<p>&#x2F;&#X2f;&#47;&#0047;", "////"},
      {"<p>a&#47b&#x2Fg", "a/b/g"},
      {"<p>&#x20AC &#8364 x", "\xE2\x82\xAC \xE2\x82\xAC x"},
      {"<p>&#0;&#xD800;&#x110000;&#99999999999999999999;",
       "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"<p>&#60;b&#62;", "<b>"},
      {"<p>&#x1F4CE;", "\xF0\x9F\x93\x8E"},
      {"<p>AT&T &# &#x; &#y;", "AT&T &# &#x; &#y;"},
      {"<p>x&#38;amp;", "x&amp;"},
      {"<p>x&#8364", "x\xE2\x82\xAC"},
      {"<a title='&#128; &#x2Fb'>", "title='\xE2\x82\xAC \xCB\xBB'"},
      {"<a href=&#47attachments>", "href='/attachments'"},
  };
  for (const auto& row : rows) {
    const std::string page = row.page;
    CAPTURE(page);
    const std::string whole = read(page).log;
    CAPTURE(whole);
    CHECK(whole.find(row.text) != std::string::npos);
    for (std::size_t at = 0; at <= page.size(); ++at) CHECK(read(page, at).log == whole);
  }
  CHECK(read("<p>&#" + std::string(1U << 20, '1') + "z").error.empty());
}

TEST_CASE("html_events: encodings") {
  const struct {
    const char* what;
    const char* type;
    std::string page;
    const char* text;  ///< expected in the log
  } rows[] = {
      {"header", "text/html; charset=ISO-8859-1", "<p>Jos\xE9</p>", "Jos\xC3\xA9"},
      {"header, quoted", "text/html;charset=\"windows-1252\"", "<p>\x80</p>", "\xE2\x82\xAC"},
      {"header beats meta", "text/html; charset=utf-8", "<meta charset=iso-8859-1><p>Jos\xC3\xA9",
       "Jos\xC3\xA9"},
      {"meta", "text/html", "<!-- <meta charset=utf-16> --><meta charset='iso-8859-1'><p>Jos\xE9 \xC3\xA9",
       "Jos\xC3\xA9 \xC3\x83\xC2\xA9"},
      {"meta http-equiv", "",
       "<META http-equiv=Content-Type content=\"text/html; charset=latin1\"><p>\xE9\xC3\xA9",
       "\xC3\xA9\xC3\x83\xC2\xA9"},
      {"another one", "text/html; charset=iso-8859-2", "<p>\xB1", "\xC4\x85"},
      {"nothing said", "text/html", "<p>Jos\xC3\xA9 \xE9", "Jos\xC3\xA9 \xC3\xA9"},
      {"unknown", "text/html; charset=klingon", "<p>Jos\xC3\xA9", "Jos\xC3\xA9"},
      {"odd labels: Shift_JIS", "text/html; charset=x-sjis", "<p>\x8C\xA9", "\xE8\xA6\x8B"},
      {"odd labels: Korean", "text/html; charset=ks_c_5601-1987", "<p>\xB0\xA1", "\xEA\xB0\x80"},
      {"odd labels: Chinese", "text/html; charset=gb2312", "<p>\xD6\xD0", "\xE4\xB8\xAD"},
      {"odd labels: Latin-5 is Windows-1254", "text/html; charset=latin5", "<p>\xFD\x80",
       "\xC4\xB1\xE2\x82\xAC"},
      {"odd labels: cp-1250", "text/html; charset=x-cp1250", "<p>\xB9", "\xC4\x85"},
      {"odd labels: iso8859_1", "text/html; charset=ISO8859_1", "<p>\xE9\x80", "\xC3\xA9\xE2\x82\xAC"},
      {"odd labels: with a year", "text/html; charset=iso_8859-1:1987", "<p>\xE9", "\xC3\xA9"},
      {"odd labels: quotes of one sort", "text/html; charset='utf8'", "<p>\xC3\xA9", "\xC3\xA9"},
      {"odd labels: one of iconv's own", "text/html; charset=wchar_t", "<p>Jos\xC3\xA9", "Jos\xC3\xA9"},
      {"odd labels: utf-7", "text/html; charset=utf-7", "<p>a+ADw-b", "a+ADw-b"},
      {"odd labels: none", "text/html; charset=none", "<p>\xC3\xA9 \xE9", "\xC3\xA9 \xC3\xA9"},
      {"odd labels: empty", "text/html; charset=", "<p>\xC3\xA9", "\xC3\xA9"},
      {"UTF-16 without a mark", "text/html; charset=utf-16le", std::string("<\0p\0>\0\xE9\0", 8),
       "<p>|\xC3\xA9"},
      {"UTF-16 that is none", "text/html; charset=utf-16", "<p>Jos\xC3\xA9", "Jos\xC3\xA9"},
      {"BOM beats header", "text/html; charset=iso-8859-1", "\xEF\xBB\xBF<p>Jos\xC3\xA9", "<p>|Jos\xC3\xA9"},
      {"UTF-16LE by BOM", "text/html", std::string("\xFF\xFE<\0p\0>\0\xE9\0", 10), "<p>|\xC3\xA9"},
      {"UTF-16BE by BOM", "text/html", std::string("\xFE\xFF\0<\0p\0>\0\xE9", 10), "<p>|\xC3\xA9"},
      {"cut UTF-8 at the end", "text/html; charset=utf-8", "<p>a\xE2\x82", "a\xC3\xA2\xE2\x80\x9A"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const std::string whole = read(row.page, std::string::npos, row.type).log;
    CAPTURE(whole);
    CHECK(whole.find(row.text) != std::string::npos);
    for (std::size_t at = 0; at <= row.page.size(); ++at) CHECK(read(row.page, at, row.type).log == whole);
  }
}

TEST_CASE("html_events: an exception of the handler, passed on") {
  struct thrower final : html_handler {
    void element_started(const html_element&) override { throw std::bad_alloc(); }
    void element_ended(std::string_view, std::size_t) override {}
    void text(std::string_view) override {}
  } handler;
  html_events events(handler);
  CHECK_THROWS_AS((void)(events.feed("<p>"), events.finish()), std::bad_alloc);
}

}  // namespace pofetch::sources
