#include "sources/attachment_finder.hpp"

#include "page_helpers.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {

using lines = std::vector<std::string>;
using test::facts_of;
using test::listed;

namespace {

constexpr const char* host = "https://acme.coupahost.com";

std::string at(std::string_view name, std::string_view path) {
  return std::string(name) + " <" + host + std::string(path) + ">";
}

}  // namespace

TEST_CASE("attachment_finder: every shape that carries a file") {
  const struct {
    const char* what;
    const char* html;
    lines expected;
  } rows[] = {
      {"data-url within a show route",
       R"x(<li class="attachment" data-url="/attachments/900100">
            <span class="attachment-file" data-url="/attachment/attachment_file/type/900100/plan.pdf">
              <span role="button" title="plan.pdf" aria-label="plan.pdf file attachment">plan.pdf</span></span></li>)x",
       {at("plan.pdf", "/attachment/attachment_file/type/900100/plan.pdf")}},
      {"blob on an ancestor",
       R"x(<div data-url="/api/blob/download?id=42&amp;filename=mail.eml">
            <span role="button" title="mail.eml" aria-label="mail.eml file attachment">mail.eml</span></div>)x",
       {at("mail.eml", "/api/blob/download?id=42&filename=mail.eml")}},
      {"title with Download",
       R"x(<a href="/attachments/7/download" title="Download terms.docx">terms.docx</a>)x",
       {at("terms.docx", "/attachments/7/download")}},
      {"attribute download",
       R"x(<a href="/files/rows.csv" download>rows.csv</a>)x",
       {at("rows.csv", "/files/rows.csv")}},
      {"attribute download with a name",
       R"x(<a href="/files/1" download="rows 1.csv">get</a>)x",
       {at("rows 1.csv", "/files/1")}},
      {"download file route",
       R"x(<span data-url="/download/file/99">bill.pdf</span>)x",
       {at("bill.pdf", "/download/file/99")}},
      {"onclick",
       R"x(<span role="button" onclick="open('/attachments/3/download')" aria-label="c.pdf file attachment">c.pdf</span>)x",
       {at("c.pdf", "/attachments/3/download")}},
      {"onclick with entities",
       R"x(<b onclick='open(&quot;/attachments/3/download&quot;)'>c.pdf</b>)x",
       {at("c.pdf", "/attachments/3/download")}},
      {"glued",
       R"x(<a href="/attachments/1/download" title="Bill_1.pdf">Bill_1.pdf ======== Bill_2.pdf ========</a>)x",
       {at("Bill_1.pdf", "/attachments/1/download")}},
      {"name in the query",
       R"x(<a href="/attachments/1/download?filename=NOTE_9.pdf" title="Note from approver: please check">Note...</a>)x",
       {at("NOTE_9.pdf", "/attachments/1/download?filename=NOTE_9.pdf")}},
      {"case, quotes and order vary",
       R"x(<A TITLE=x.pdf Class='z' HREF='/attachments/7/download'>y</A>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"unquoted",
       R"x(<a href=/attachments/7/download>x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"numeric entities in the address",
       R"x(<a href="&#47;attachments&#x2F;7/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"absolute",
       R"x(<a href="HTTPS://ACME.coupahost.com:443/attachments/7/download#top">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"relative",
       R"x(<a href="../attachments/7/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"spaces around",
       "<a href=\" /attachments/7/download\n\">x.pdf</a>",
       {at("x.pdf", "/attachments/7/download")}},
      {"four levels up",
       R"x(<div data-url="/attachments/5/download"><p><i><b><span title="deep.pdf">x</span></b></i></p></div>)x",
       {at("deep.pdf", "/attachments/5/download")}},
      {"five levels up: the title is too far, the file is not lost",
       R"x(<div data-url="/attachments/5/download"><div><p><i><b><span title="deep.pdf"></span></b></i></p></div></div>)x",
       {at("download", "/attachments/5/download")}},
      {"another route on an ancestor, labelled as an attachment",
       R"x(<div data-url="/blobs/77/quote.pdf"><span role="button" aria-label="quote.pdf file attachment">q</span></div>)x",
       {at("quote.pdf", "/blobs/77/quote.pdf")}},
      {"href is nothing, data-url is",
       R"x(<a href="#" data-url="/attachments/7/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"href is a show route, onclick is the file",
       R"x(<a href="/attachments/7" onclick="go('/attachments/7/download')">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"a name in pieces",
       R"x(<a href="/attachments/7/download">plan<wbr>_<b>b</b>.pdf<br>12 KB</a><a href="/attachments/8/download"><i></i>q<mark>uote</mark>.pdf</a>)x",
       {at("plan_b.pdf 12 KB", "/attachments/7/download"), at("quote.pdf", "/attachments/8/download")}},
      {"label six levels below its file",
       R"x(<div data-url="/attachments/5/download"><p><i><b><u><em><q aria-label="deep.pdf file attachment"></q></em></u></b></i></p></div>)x",
       {at("download", "/attachments/5/download")}},
      {"not closed",
       R"x(<a href="/attachments/7/download">x.pdf)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"a preview within",
       R"x(<div data-url="/attachments/7/download"><a href="/preview/x.html">x.pdf</a></div>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"storage of another host, labelled",
       R"x(<a href="https://s3.example.com/k/9?X-Amz-Signature=abc" download="x.pdf" aria-label="x.pdf file attachment">x</a>)x",
       {"x.pdf <https://s3.example.com/k/9?X-Amz-Signature=abc>"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto facts = facts_of(row.html);
    CHECK(listed(facts.attachments) == row.expected);
    CHECK(facts.not_understood.empty());
  }
}

TEST_CASE("attachment_finder: what is not a file, refused") {
  const char* const rows[] = {
      R"x(<a href="/attachments/900100">plan.pdf</a>)x",
      R"x(<a href="/order_headers/123/download" download>x.pdf</a>)x",
      R"x(<a href="/requisition_headers/5/download.pdf" download>x.pdf</a>)x",
      R"x(<a href="/purchase_orders/5.pdf" download>x.pdf</a>)x",
      R"x(<a href="/order_headers/123/attachments/7/download" title="x.pdf">x.pdf</a>)x",
      R"x(<a href="#" download>x.pdf</a>)x",
      R"x(<a href="" download>x.pdf</a>)x",
      R"x(<a href="javascript:open('/attachments/3/download')" download>x.pdf</a>)x",
      R"x(<a href=" JaVaScRiPt:void(0)" download>x.pdf</a>)x",
      R"x(<a href="mailto:a@example.com" download>x.pdf</a>)x",
      R"x(<a href="data:application/pdf;base64,AAAA" download>x.pdf</a>)x",
      R"x(<a href="ftp://acme.coupahost.com/attachments/3/download" download>x.pdf</a>)x",
      R"x(<a href="//attachments/7/download">x.pdf</a>)x",
      R"x(<a href="https://evil.example/attachments/7/download">x.pdf</a>)x",
      R"x(<a href="https://docs.example/guide.pdf" download>guide.pdf</a>)x",
      R"x(<nav><a href="/files/manual.pdf" download>manual.pdf</a></nav>)x",
      R"x(<a href="/help/manual.pdf" download>manual.pdf</a>)x",
      R"x(<a href="/requisition_headers/new">New</a>)x",
      R"x(<a href="/files/rows.csv">rows.csv</a>)x",
      R"x(<!-- <a href="/attachments/7/download">x.pdf</a> -->)x",
      R"x(<script>var a = '<a href="/attachments/7/download">x.pdf</a>';</script>)x",
      R"x(<span onclick="open('/order_headers/1/download')">x.pdf</span>)x",
  };
  for (const char* html : rows) {
    CAPTURE(html);
    CHECK(listed(facts_of(html).attachments) == lines{});
  }
}

TEST_CASE("attachment_finder: the same address twice is one attachment, the same name is not") {
  const auto facts =
      facts_of(R"x(<a href="/attachments/1/download">open</a> <a href="/attachments/2/download">a.pdf</a>
      <span data-url="https://acme.coupahost.com/attachments/1/download#x" title="a.pdf"></span>)x");
  CHECK(listed(facts.attachments) ==
        lines{at("a.pdf", "/attachments/1/download"), at("a.pdf", "/attachments/2/download")});
  CHECK(facts.attachments[0].key != facts.attachments[1].key);
}

TEST_CASE(
    "attachment_finder: addresses that differ in their signature only are one attachment without a secret") {
  const auto facts = facts_of(R"x(<a download="a.pdf" href="/f/1?X-Amz-Signature=one">a</a>
      <a download="a.pdf" href="/f/1?X-Amz-Signature=two">a</a>)x");
  REQUIRE(facts.attachments.size() == 1);
  CHECK(facts.attachments[0].url == "https://acme.coupahost.com/f/1?X-Amz-Signature=one");
  CHECK(facts.attachments[0].key == "https://acme.coupahost.com/f/1");
  CHECK_FALSE(facts.attachments[0].user_named);
}

TEST_CASE("attachment_finder: in the order of the page, also when nested") {
  const auto facts = facts_of(R"x(<div data-url="/attachments/1/download" title="outer.pdf">
      <a href="/attachments/2/download">inner.pdf</a></div><a href="/attachments/3/download">last.pdf</a>)x");
  CHECK(listed(facts.attachments) == lines{at("outer.pdf", "/attachments/1/download"),
                                           at("inner.pdf", "/attachments/2/download"),
                                           at("last.pdf", "/attachments/3/download")});
}

TEST_CASE("attachment_finder: a file without an understood address, reported by name") {
  const std::string known = R"x(<a href="/attachments/1/download">a.pdf</a>)x";
  CHECK(facts_of(known + R"x(<span role="button" aria-label="b.pdf file attachment">b</span>)x")
            .not_understood == lines{"b.pdf"});
  CHECK(facts_of(known + R"x(<span role="button" aria-label="a.pdf file attachment">a</span>)x")
            .not_understood == lines{});
  CHECK(facts_of(known + R"x(<button aria-label="Add file attachment">+</button>)x").not_understood ==
        lines{});
}

TEST_CASE("attachment_finder: more attachments than can be right, bounded and said") {
  std::string page;
  for (int i = 0; i < 10'100; ++i)
    page += "<a href=/attachments/" + std::to_string(i) + "/download>x.pdf</a>";
  const auto facts = facts_of(page, "123", 4096);
  CHECK(facts.attachments.size() == attachment_finder::most_attachments);
  CHECK(facts.too_many_attachments);
}

TEST_CASE("attachment_finder: a page cut at any byte, the same attachments") {
  const std::string page = test::order_page(
      R"x(<li class="attachment" data-url='/attachments/900100'><span data-url="/attachment/attachment_file/type/900100/plan%20b.pdf">)x"
      R"x(<span role=button title="plan b.pdf" aria-label="plan b.pdf file attachment">plan&nbsp;b.pdf</span></span></li>)x"
      "<a href=\"/api/blob/download?id=1&amp;filename=caf\xC3\xA9.eml\">caf&eacute;.eml</a><i "
      "onclick='open(\"/attachments/3/download\")'>\xE2\x82\xAC 5.pdf</i>");
  const auto whole = facts_of(page);
  REQUIRE(listed(whole.attachments) ==
          lines{at("plan b.pdf", "/attachment/attachment_file/type/900100/plan%20b.pdf"),
                at("caf\xC3\xA9.eml", "/api/blob/download?id=1&filename=caf%C3%A9.eml"),
                at("\xE2\x82\xAC 5.pdf", "/attachments/3/download")});
  for (std::size_t chunk = 1; chunk <= page.size(); ++chunk) {
    CAPTURE(chunk);
    const auto facts = facts_of(page, "123", chunk);
    CHECK(listed(facts.attachments) == listed(whole.attachments));
    CHECK(facts.is_wanted);
    CHECK(facts.title == whole.title);
  }
}

TEST_CASE("attachment_finder: hostile values, refused or harmless") {
  const std::string huge(100'000, 'x');
  CHECK(facts_of("<a href='/attachments/1/download?" + huge + "'>x.pdf</a>").attachments.empty());
  CHECK(facts_of("<a href='/attachments/1/download' title='" + huge + ".pdf'>x.pdf</a>")
            .attachments.at(0)
            .name == "x.pdf");
  CHECK(facts_of("<a href='/attachments/1/download'>" + huge + "</a>").attachments.at(0).name == "download");
  CHECK(facts_of("<a href='/attachments/1/download\x01'>x</a>").attachments.size() <= 1);
  CHECK(
      facts_of("<a href='/attachments/1/download' title='../../../etc/x.pdf'>x</a>").attachments.at(0).name ==
      "../../../etc/x.pdf");
}

}  // namespace pofetch::sources
