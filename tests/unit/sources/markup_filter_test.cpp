#include "sources/html/markup_filter.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pofetch::sources {

TEST_CASE("markup_filter: text and whole tags pass, scripts, styles and comments do not") {
  const struct {
    const char* html;
    const char* passed;
    const char* held;
  } rows[] = {
      {"", "", ""},
      {"text", "text", ""},
      {"<p>text", "<p>text", ""},
      {"<p>text<", "<p>text", "<"},
      {"<p>text<a href", "<p>text", "<a href"},
      {"<a href='x>y", "", "<a href='x>y"},
      {"<a href='x>y'>z", "<a href='x>y'>z", ""},
      {"<a href=\"x'>y", "", "<a href=\"x'>y"},
      {"<a href=x'>y", "<a href=x'>y", ""},
      {"<a href=/?a=\"b>c", "<a href=/?a=\"b>c", ""},
      {"<a title = '>", "", "<a title = '>"},
      {"<a b=>c", "<a b=>c", ""},
      {"a < b", "a < b", ""},
      {"a <3 <<<b>", "a <3 <<<b>", ""},
      {"</p", "", "</p"},
      {"</p>", "</p>", ""},
      {"<!-- a > b", "", ""},
      {"<!-- a > b -->c", "c", ""},
      {"<!-- a -- b --->c", "c", ""},
      {"<!-- a --!>c", "c", ""},
      {"<!-->c", "c", ""},
      {"<!DOCTYPE html>c", "c", ""},
      {"<!x 'y>c", "c", ""},
      {"<![CDATA[ x ]]>c", "c", ""},
      {"<?xml version='1.0'?>c", "c", ""},
      {"<script>if (a<b) '</scr' + '</div>'", "<script>", ""},
      {"<script>if (a<b)</script>x<", "<script></script>x", "<"},
      {"<SCRIPT src='x'></div></SCRIPT x", "<SCRIPT src='x'>", "</script x"},
      {"<style>a</sty</STYLE >b", "<style></style >b", ""},
      {"<script><</script>b", "<script></script>b", ""},
      {"<scriptx><b>c</b>", "<scriptx><b>c</b>", ""},
      {"<script-x><b>c</b>", "<script-x><b>c</b>", ""},
      {"<x-y z=1/><b", "<x-y z=1/>", "<b"},
  };
  for (const auto& row : rows) {
    const std::string html = row.html;
    CAPTURE(html);
    markup_filter whole;
    CHECK(whole.filter(html) == row.passed);
    CHECK(whole.finish() == row.held);
    markup_filter bytes;
    std::string passed;
    for (const char c : html) passed += bytes.filter(std::string_view(&c, 1));
    CHECK(passed == row.passed);
    CHECK(bytes.held() == std::string_view(row.held).size());
    CHECK(bytes.finish() == row.held);
  }
}

}  // namespace pofetch::sources
