#include "sources/coupa_web/finder/attachment_finder.hpp"

#include "page_helpers.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {

using lines = std::vector<std::string>;
using test::facts_of;
using test::listed;
using test::told;

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

TEST_CASE("attachment_finder: what is no file, nothing is said of it") {
  const char* const rows[] = {
      // pages of orders and requisitions, and what belongs to them
      R"x(<a href="/order_headers/123/download" download>x.pdf</a>)x",
      R"x(<a href="/order_headers/123/download_pdf" title="Download PDF">Print view</a>)x",
      R"x(<a href="/requisition_headers/5/download.pdf" download>x.pdf</a>)x",
      R"x(<a href="/purchase_orders/5.pdf" download>x.pdf</a>)x",
      R"x(<a href="/purchase_orders/5/download">Export order.pdf</a>)x",
      R"x(<a href="/order_headers/123/attachments/7/download" title="x.pdf">x.pdf</a>)x",
      R"x(<a href="?download=1" download>x.pdf</a>)x",
      R"x(<span onclick="open('/order_headers/1/download')">x.pdf</span>)x",
      R"x(<ul class="attachments"><li><a href="/order_headers/1/download">order.pdf</a></li></ul>)x",
      R"x(<a href="/requisition_headers/new">New</a>)x",
      // menus and help
      R"x(<nav><a href="/files/manual.pdf" download>manual.pdf</a></nav>)x",
      R"x(<footer><a href="https://docs.example/terms.pdf">terms.pdf</a></footer>)x",
      R"x(<div role="menu"><button>Export.csv</button></div>)x",
      R"x(<nav><a href="mailto:help@example.com?subject=attachment.pdf">attachment.pdf</a></nav>)x",
      R"x(<a href="/help/manual.pdf" download>manual.pdf</a>)x",
      R"x(<a href="/support/articles/upload.docx">upload.docx</a>)x",
      // names of people, hosts and amounts
      R"x(<a href="/users/7">john.smith</a>)x",
      R"x(<ul class="attachments"><li><a href="/users/7">J.Smith</a></li></ul>)x",
      R"x(<ul class="attachments"><li>J.Smith</li><li>1.2MB</li><li>Rev.B2</li><li>*.pdf</li><li>only .pdf</li></ul>)x",
      R"x(<a href="/users/7"><img class="avatar" src="/a.jpg" alt="john.jpg"></a>)x",
      R"x(<form onsubmit="check()"><p><img src="/i.png" alt="trash.png"></p></form>)x",
      R"x(<a href="https://www.acme-corp.com/">acme-corp.com</a>)x",
      R"x(<a href="https://x.example/">www.acme.example</a>)x",
      R"x(<a href="mailto:clerk@example.com">clerk@example.com</a>)x",
      R"x(<a href="/lines/5">12.50</a>)x",
      R"x(<button>john.smith</button>)x",
      // addresses alone
      R"x(<a href="/files/rows.csv">Rows</a>)x",
      R"x(<a href="https://docs.example/guide.pdf">Guide</a>)x",
      // furniture
      R"x(<link rel="stylesheet" href="/files/style.css" title="style.pdf">)x",
      R"x(<link rel="alternate" href="/attachments/7/download">)x",
      R"x(<img src="/images/file.png" alt="plan.pdf">)x",
      R"x(<img class="user-avatar" src="/attachments/55/download">)x",
      R"x(<img src="data:image/png;base64,AAAA" alt="">)x",
      R"x(<iframe src="https://ads.example/frame"></iframe>)x",
      R"x(<svg><use href="/attachments/7/download"></use></svg>)x",
      // nothing is named, or nothing leads anywhere
      R"x(<a href="#" download>Download</a>)x",
      R"x(<a href="" download></a>)x",
      R"x(<a href="javascript:void(0)">More</a>)x",
      R"x(<p>See the attachment plan.pdf</p>)x",
      R"x(<button>Export order.pdf</button>)x",
      R"x(<button aria-label="Add file attachment">+</button>)x",
      R"x(<a class="attachment" href="/attachments/new">Add</a>)x",
      R"x(<a href="/attachments/{id}/download">x</a>)x",
      R"x(<template><li class="attachment"><a href="" download></a></li></template>)x",
      // what is not shown
      R"x(<!-- <a href="/attachments/7/download">x.pdf</a> -->)x",
      R"x(<script>var a = '<a href="/attachments/7/download">x.pdf</a>';</script>)x",
      R"x(<style>/* <a href="/attachments/7/download">x.pdf</a> */</style>)x",
  };
  for (const char* html : rows) {
    CAPTURE(std::string(html));
    CHECK(told(facts_of(html)) == lines{});
  }
}

TEST_CASE("attachment_finder: what looks like a file is fetched, listed with the reason, or not understood") {
  const std::string blind = "an address to write to or to call, not a file";
  const std::string away = "a link to another host that is not marked as an attachment: ";
  const std::string unmarked = "a link that reads like the name of a file, but is not marked as one";
  const struct {
    const char* what;
    const char* html;
    lines expected;
  } rows[] = {
      // below the pages of orders and requisitions
      {"relative to the page, offered",
       R"x(<a href="rows.csv" download>rows</a>)x",
       {at("rows.csv", "/order_headers/rows.csv")}},
      {"relative to the page, by its text",
       R"x(<a href="123/plan.pdf">plan.pdf</a>)x",
       {at("plan.pdf", "/order_headers/123/plan.pdf")}},
      {"in a folder of the requisition",
       R"x(<li class="attachment"><a href="/requisition_headers/5/files/plan.dwg">plan.dwg</a></li>)x",
       {at("plan.dwg", "/requisition_headers/5/files/plan.dwg")}},
      {"a show route below the order",
       R"x(<a href="/order_headers/123/attachments/7">five.pdf</a>)x",
       {"? five.pdf"}},
      // other hosts
      {"another host, offered",
       R"x(<a href="https://storage.example/bucket/key" download="far.pdf">far</a>)x",
       {"far.pdf <https://storage.example/bucket/key>"}},
      {"another host, offered without a name",
       R"x(<a href="https://docs.example/guide.pdf" download>get</a>)x",
       {"guide.pdf <https://docs.example/guide.pdf>"}},
      {"protocol-relative, offered",
       R"x(<a href="//cdn.example/k/9" download="x.pdf">x</a>)x",
       {"x.pdf <https://cdn.example/k/9>"}},
      {"another port, offered",
       R"x(<a href="https://acme.coupahost.com:8443/k/9" download="x.pdf">x</a>)x",
       {"x.pdf <https://acme.coupahost.com:8443/k/9>"}},
      {"plain HTTP, offered",
       R"x(<a href="http://storage.example/k/9" download="x.pdf">x</a>)x",
       {"x.pdf <http://storage.example/k/9>"}},
      {"user and password in it",
       R"x(<a href="https://me:geheim@storage.example/k" download="x.pdf">x</a>)x",
       {"x.pdf <https://storage.example/k>"}},
      {"another host, only its text is a name",
       R"x(<a href="https://storage.example/k?sig=geheim">far.pdf</a>)x",
       {"- far.pdf: " + away + "https://storage.example/k?sig=***"}},
      {"another host, in a list of attachments",
       R"x(<ul class="attachments"><li><a href="https://storage.example/k">far.pdf</a></li></ul>)x",
       {"far.pdf <https://storage.example/k>"}},
      {"another host, its address names a file in a list of attachments",
       R"x(<ul class="attachments"><li><a href="https://storage.example/far.pdf">Far</a></li></ul>)x",
       {"far.pdf <https://storage.example/far.pdf>"}},
      {"another host, a link attachment",
       R"x(<li class="attachment"><a href="https://drawings.example/plan?token=geheim">Drawings</a></li>)x",
       {"- Drawings: a link, not a file: https://drawings.example/plan?token=***"}},
      {"a file route of another host",
       R"x(<a href="https://other.coupahost.com/attachments/7/download">x.pdf</a>)x",
       {"? x.pdf"}},
      {"a host that is none", R"x(<a href="https://a b/x" download="x.pdf">x</a>)x", {"? x.pdf"}},
      {"a name with letters outside of ASCII",
       "<a href=\"https://m\xC3\xBCller.example/x\" download=\"x.pdf\">x</a>",
       {"x.pdf <https://xn--mller-kva.example/x>"}},
      // file routes
      {"an odd last part",
       R"x(<a href="/download/file/..%2f..%2fx.pdf">x.pdf</a>)x",
       {at("x.pdf", "/download/file/..%2f..%2fx.pdf")}},
      {"an id that is no number",
       R"x(<a href="/attachments/a1b2/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/a1b2/download")}},
      {"a UUID",
       R"x(<a href="/attachments/3fa85f64-5717-4562-b3fc-2c963f66afa6/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/3fa85f64-5717-4562-b3fc-2c963f66afa6/download")}},
      {"an id that is no number, with a name",
       R"x(<a href="/attachment/attachment_file/type/9f-x/plan.pdf">plan</a>)x",
       {at("plan.pdf", "/attachment/attachment_file/type/9f-x/plan.pdf")}},
      {"a blob by its key",
       R"x(<a href="/api/blob/download?key=9fx">x.pdf</a>)x",
       {at("x.pdf", "/api/blob/download?key=9fx")}},
      {"download with an ending",
       R"x(<a href="/attachments/7/download.pdf">x</a>)x",
       {at("download.pdf", "/attachments/7/download.pdf")}},
      {"another query is another address",
       R"x(<a href="/attachments/7/download">x.pdf</a><a href="/attachments/7/download?version=2">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download"), at("x.pdf", "/attachments/7/download?version=2")}},
      {"a show route alone", R"x(<a href="/attachments/900100">plan.pdf</a>)x", {"? plan.pdf"}},
      {"a show route beside its file",
       R"x(<a href="/attachments/7">Details of x</a><a href="/attachments/7/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"a show route of another attachment",
       R"x(<a href="/attachments/8">plan.pdf</a><a href="/attachments/7/download">x.pdf</a>)x",
       {at("x.pdf", "/attachments/7/download"), "? plan.pdf"}},
      {"plain HTTP to the instance",
       R"x(<a href="http://acme.coupahost.com/attachments/7/download">x.pdf</a>)x",
       {"? x.pdf"}},
      // names alone
      {"text", R"x(<a href="/files/1">rows.csv</a>)x", {at("rows.csv", "/files/1")}},
      {"title",
       R"x(<a href="/x/y/z" title="plan.pdf"><i class="icon"></i></a>)x",
       {at("plan.pdf", "/x/y/z")}},
      {"a picture's text",
       R"x(<a href="/x/y/z"><img src="/i.png" alt="plan.pdf"></a>)x",
       {at("plan.pdf", "/x/y/z")}},
      {"data-url", R"x(<button data-url="/blobs/9">bill.pdf</button>)x", {at("bill.pdf", "/blobs/9")}},
      {"data-href", R"x(<button data-href="/blobs/9">bill.pdf</button>)x", {at("bill.pdf", "/blobs/9")}},
      {"onclick with an address",
       R"x(<span onclick="location='/blobs/9'">bill.pdf</span>)x",
       {at("bill.pdf", "/blobs/9")}},
      {"a button within a link",
       R"x(<a href="/blobs/9"><span role="button">bill.pdf</span></a>)x",
       {at("bill.pdf", "/blobs/9")}},
      {"an ending nobody knows, in the address too",
       R"x(<a href="/blobs/part_7.xyz">part_7.xyz</a>)x",
       {at("part_7.xyz", "/blobs/part_7.xyz")}},
      {"an ending nobody knows", R"x(<a href="/blobs/9">part_7.xyz</a>)x", {"- part_7.xyz: " + unmarked}},
      {"an ending nobody knows, in a list of attachments",
       R"x(<ul class="attachments"><li><a href="/blobs/9">part.xyz</a></li></ul>)x",
       {at("part.xyz", "/blobs/9")}},
      // where it leads is not known
      {"a script", R"x(<a href="javascript:get(7)">x.pdf</a>)x", {"? x.pdf"}},
      {"a script with an address",
       R"x(<a href="javascript:open('/attachments/3/download')">x.pdf</a>)x",
       {at("x.pdf", "/attachments/3/download")}},
      {"a script with an encoded address",
       R"x(<a href="javascript:open(%27/attachments/3/download%27)">x.pdf</a>)x",
       {at("x.pdf", "/attachments/3/download")}},
      {"a script with two addresses",
       R"x(<span onclick="go('/track/1', '/attachments/3/download')">x.pdf</span>)x",
       {at("x.pdf", "/attachments/3/download")}},
      {"another event",
       R"x(<span onmousedown="go('/attachments/3/download')">x.pdf</span>)x",
       {at("x.pdf", "/attachments/3/download")}},
      {"a framework's event",
       R"x(<span v-on:click="go('/attachments/3/download')">x.pdf</span>)x",
       {at("x.pdf", "/attachments/3/download")}},
      {"nothing", R"x(<a href="#" download>x.pdf</a>)x", {"? x.pdf"}},
      {"an empty address", R"x(<a href="">x.pdf</a>)x", {"? x.pdf"}},
      {"a fragment", R"x(<a href="#x">x.pdf</a>)x", {"? x.pdf"}},
      {"a button", R"x(<button>x.pdf</button>)x", {"? x.pdf"}},
      {"a button by its role", R"x(<span role="button" data-id="7">x.pdf</span>)x", {"? x.pdf"}},
      {"data:", R"x(<a href="data:application/pdf;base64,AAAA" download="x.pdf">x</a>)x", {"? x.pdf"}},
      {"blob:", R"x(<a href="blob:https://acme.coupahost.com/9f" download="x.pdf">x</a>)x", {"? x.pdf"}},
      {"ftp:", R"x(<a href="ftp://acme.coupahost.com/x.pdf">x.pdf</a>)x", {"? x.pdf"}},
      {"a path on somebody's disk", R"x(<a href="C:\scans\x.pdf">x.pdf</a>)x", {"? x.pdf"}},
      {"mailto:", R"x(<a href="mailto:a@example.com?attach=x.pdf">x.pdf</a>)x", {"- x.pdf: " + blind}},
      {"tel:", R"x(<a href="tel:123" title="x.pdf">call</a>)x", {"- x.pdf: " + blind}},
      // attachments by class and role
      {"an item without a link", R"x(<li class="attachment"><b>Quote</b></li>)x", {"? Quote"}},
      {"an item without a link, beside one with",
       R"x(<li class="attachment"><a href="/attachments/7/download">x.pdf</a></li><li class="attachment"><b>y.pdf</b></li>)x",
       {at("x.pdf", "/attachments/7/download"), "? y.pdf"}},
      {"an item that leads to a page nobody knows",
       R"x(<li class="attachment"><a href="/blobs/77">Quote</a></li>)x",
       {"? Quote"}},
      {"a link of the class",
       R"x(<a class="attachment-link" href="/blobs/77">Quote</a>)x",
       {at("Quote", "/blobs/77")}},
      {"a role", R"x(<div role="attachment"><b>Quote</b></div>)x", {"? Quote"}},
      {"a name in a list of attachments", R"x(<ul class="attachments"><li>x.pdf</li></ul>)x", {"? x.pdf"}},
      {"a name beside its link",
       R"x(<ul class="attachments"><li><span>x.pdf</span><a href="/attachments/7/download">Download</a></li>
           <li><span>y.pdf</span><a href="/attachments/8/download">Download</a></li></ul>)x",
       {at("x.pdf", "/attachments/7/download"), at("y.pdf", "/attachments/8/download")}},
      {"a name behind its link",
       R"x(<div id="attachments"><a href="/attachments/7/download">Get</a> x.pdf<br><a href="/attachments/8/download">Get</a> y.pdf</div>)x",
       {at("x.pdf", "/attachments/7/download"), at("y.pdf", "/attachments/8/download")}},
      {"a name beside the link of another",
       R"x(<ul class="attachments"><li>x.pdf</li><li><a href="/attachments/8/download">y.pdf</a></li></ul>)x",
       {at("y.pdf", "/attachments/8/download"), "? x.pdf"}},
      {"a name in a list, a file elsewhere",
       R"x(<a href="/attachments/8/download">Get</a><ul class="attachments"><li>x.pdf</li></ul>)x",
       {at("Get", "/attachments/8/download"), "? x.pdf"}},
      {"parts of an item",
       R"x(<div class="attachment-row"><span class="attachment-name">x.pdf</span><span class="attachment-size">12 KB</span>
           <a class="attachment-download-btn" href="/attachments/7/download"><i></i></a> by <a href="/users/7">John</a></div>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"another link at a file",
       R"x(<li class="attachment"><a href="/attachments/7/download">x.pdf</a><a href="https://viewer.example/">Open with</a></li>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"a page that says attachments of itself",
       R"x(<body class="has-attachments"><p>plan.pdf</p><a href="/attachments/7/download">x.pdf</a></body>)x",
       {at("x.pdf", "/attachments/7/download")}},
      // other elements
      {"area",
       R"x(<map><area href="/attachments/7/download" alt="x.pdf"></map>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"object",
       R"x(<object data="/files/x.pdf" type="application/pdf"></object>)x",
       {at("x.pdf", "/files/x.pdf")}},
      {"embed",
       R"x(<embed src="/attachments/7/download" title="x.pdf">)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"embed of another host",
       R"x(<embed src="https://cdn.example/x.pdf">)x",
       {"x.pdf <https://cdn.example/x.pdf>"}},
      {"iframe",
       R"x(<iframe src="/attachments/7/download" title="x.pdf"></iframe>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"picture",
       R"x(<div class="attachments"><img src="/attachments/7/download" alt="x.jpg"></div>)x",
       {at("x.jpg", "/attachments/7/download")}},
      {"a picture within its link",
       R"x(<a href="/attachments/7/download"><img src="/attachments/7/download?size=small" alt="x.jpg"></a>)x",
       {at("x.jpg", "/attachments/7/download")}},
      {"video",
       R"x(<video><source src="/download/file/9" type="video/mp4"></video>)x",
       {at("9", "/download/file/9")}},
      {"option",
       R"x(<select><option value="/attachments/7/download">x.pdf</option></select>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"form",
       R"x(<form action="/attachments/7/download"><button>x.pdf</button></form>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"form that sends",
       R"x(<form method="POST" action="/attachments/7/download"><button>x.pdf</button></form>)x",
       {"? x.pdf"}},
      {"svg",
       R"x(<svg><a xlink:href="/attachments/7/download"><text>x.pdf</text></a></svg>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"template",
       R"x(<template><a href="/attachments/7/download">x.pdf</a></template>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"noscript",
       R"x(<noscript><a href="/attachments/7/download">x.pdf</a></noscript>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"JSON in a script",
       R"x(<script type="application/json">{"attachments":[{"id":7,"file_name":"x.pdf","url":"\/attachments\/7\/download"},
           {"id":8,"fileName":"pl\u00e4n.pdf","url":"\u002Fattachments\u002F8\u002Fdownload"}]}</script>)x",
       {at("x.pdf", "/attachments/7/download"), at("pl\xC3\xA4n.pdf", "/attachments/8/download")}},
      {"JSON in a script, known from the page",
       R"x(<a href="/attachments/7/download">x.pdf</a><script>var s = {attachments: [{"id": 7, "name": "x.pdf", "url": "/attachments/7/download"}]}</script>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"JSON in a script, without an address",
       R"x(<script type="application/json">{"attachments":[{"id":7,"file_name":"x.pdf"}]}</script>)x",
       {"? x.pdf"}},
      {"JSON in a script, without an address, known by its id",
       R"x(<a href="/attachments/7/download">Get</a><script>{"attachments":[{"id":7,"file_name":"x.pdf"}]}</script>)x",
       {at("Get", "/attachments/7/download")}},
      {"JSON in an attribute",
       R"x(<div data-react-props="{&quot;attachments&quot;:[{&quot;name&quot;:&quot;x.pdf&quot;,&quot;url&quot;:&quot;/attachments/7/download&quot;}]}"></div>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"a script that names something else",
       R"x(<script>// don't
           var a = {name: 'jquery.js', url: '/js/x'}; var me = {"name": "me.png", "avatar_url": "/attachments/5/download"};
           get('/attachments/' + id + '/download');</script>)x",
       {}},
      {"a menu's file route",
       R"x(<nav><a href="/attachments/7/download">x.pdf</a></nav>)x",
       {at("x.pdf", "/attachments/7/download")}},
      {"any data attribute",
       R"x(<b data-preview="/attachments/7/download">x.pdf</b>)x",
       {at("x.pdf", "/attachments/7/download")}},
  };
  for (const auto& row : rows) {
    const std::string what = row.what;
    CAPTURE(what);
    const auto facts = facts_of(row.html);
    CHECK(told(facts) == row.expected);
    // Whatever is not understood must not pass for "no attachments" where it is all that there is.
    if (facts.files == 0 && !facts.not_understood.empty()) CHECK(facts.attachment_markup_seen);
  }
}

TEST_CASE("attachment_finder: the page's base, honoured wherever it leads") {
  const struct {
    const char* what;
    const char* head;
    const char* link;
    lines expected;
  } rows[] = {
      {"a folder",
       R"(<base href="/sub/dir/">)",
       R"(<a href="x/rows.csv" download>r</a>)",
       {at("rows.csv", "/sub/dir/x/rows.csv")}},
      {"a file route",
       R"(<base href="/">)",
       R"(<a href="attachments/7/download">x.pdf</a>)",
       {at("x.pdf", "/attachments/7/download")}},
      {"absolute",
       R"(<base href="https://acme.coupahost.com/sub/">)",
       R"(<a href="rows.csv" download>r</a>)",
       {at("rows.csv", "/sub/rows.csv")}},
      {"only the first",
       R"(<base href="/one/"><base href="/two/">)",
       R"(<a href="rows.csv" download>r</a>)",
       {at("rows.csv", "/one/rows.csv")}},
      {"the first with an address",
       R"(<base target="_blank"><base href="/two/">)",
       R"(<a href="rows.csv" download>r</a>)",
       {at("rows.csv", "/two/rows.csv")}},
      {"one that cannot be used",
       R"(<base href="javascript:x">)",
       R"(<a href="/files/rows.csv" download>r</a>)",
       {at("rows.csv", "/files/rows.csv")}},
      {"no place, relative link",
       R"(<base href="data:text/html,x"><base href="/two/">)",
       R"(<a href="rows.csv" download>r</a>)",
       {at("rows.csv", "/order_headers/rows.csv")}},
      {"another host, offered",
       R"(<base href="https://cdn.example/f/">)",
       R"(<a href="rows.csv" download>r</a>)",
       {"rows.csv <https://cdn.example/f/rows.csv>"}},
      {"another host, a file route",
       R"(<base href="https://cdn.example/">)",
       R"(<a href="/attachments/7/download">x.pdf</a>)",
       {"? x.pdf"}},
      {"another host, an absolute link",
       R"(<base href="https://cdn.example/">)",
       R"(<a href="https://acme.coupahost.com/attachments/7/download">x.pdf</a>)",
       {at("x.pdf", "/attachments/7/download")}},
      {"requisitions too",
       R"(<base href="/order_headers/x/">)",
       R"(<a href="../../requisition_headers/5">r</a>)",
       {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto facts = facts_of("<html><head>" + std::string(row.head) + "</head><body>" + row.link);
    CHECK(told(facts) == row.expected);
    CHECK(facts.requisitions.size() == (row.expected.empty() ? 1 : 0));
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
