#include "sources/coupa_web/coupa_page.hpp"

#include "page_helpers.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {

using test::facts_of;

TEST_CASE("coupa_page: supplier, three markups, the surest first") {
  const struct {
    const char* what;
    const char* html;
    const char* supplier;
  } rows[] = {
      {"attribute", R"(<div data-supplier-name="Acme &amp; Sons">x</div>)", "Acme & Sons"},
      {"attribute without value", R"(<div data-supplier-name>Acme</div>)", "Acme"},
      {"class", R"(<span class="po-supplier-name bold"> Acme <b>Ltd</b> </span>)", "Acme Ltd"},
      {"info",
       R"(<div class="x supplier-info"><b>Supplier</b><span> </span><span>Acme</span><span>Rome</span></div>)",
       "Acme"},
      {"attribute beats class", R"(<span class="supplier-name">B</span><i data-supplier-name=A></i>)", "A"},
      {"class beats info",
       R"(<p class="supplier-info"><span>C</span></p><span class="supplier-name">B</span>)", "B"},
      {"no span", R"(<div class="supplier-name">B</div>)", ""},
      {"outside of info", R"(<div class="supplier-info"></div><span>C</span>)", ""},
      {"other class", R"(<div class="no-supplier-info-here"><span>C</span></div>)", ""},
      {"none", "<p>x</p>", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(facts_of(row.html).supplier == row.supplier);
  }
  CHECK(facts_of("<span class=supplier-name>" + std::string(5000, 'x') + "</span>").supplier.size() == 512);
}

TEST_CASE("coupa_page: requisitions, digits alone, each once") {
  const auto facts =
      facts_of(R"(<a href="/requisition_headers/new">New</a><a href="/requisition_headers/500">500</a>
    <a href="https://acme.coupahost.com/requisition_headers/501?x=1">501</a><a href="/requisition_headers/0500">again</a>
    <a href="/requisition_headers/500/edit">e</a><a href="https://evil.example/requisition_headers/9">x</a>
    <span data-url="../requisition_headers/502"></span><a href="javascript:'/requisition_headers/503'">j</a>)");
  std::vector<std::string> urls;
  for (const auto& each : facts.requisitions) urls.push_back(each.number + " " + each.url);
  CHECK(urls == std::vector<std::string>{"500 https://acme.coupahost.com/requisition_headers/500",
                                         "501 https://acme.coupahost.com/requisition_headers/501?x=1",
                                         "502 https://acme.coupahost.com/requisition_headers/502"});
}

TEST_CASE("coupa_page: more requisitions than can be right, bounded and said") {
  std::string page;
  for (int i = 0; i < 70; ++i) page += "<a href=/requisition_headers/" + std::to_string(i) + ">r</a>";
  const auto facts = facts_of(page);
  CHECK(facts.requisitions.size() == coupa_page::most_requisitions);
  CHECK(facts.too_many_requisitions);
}

TEST_CASE("coupa_page: a requisition page knows its own number") {
  const std::string_view own = "https://acme.coupahost.com/requisition_headers/500";
  CHECK(facts_of("<h1>Requisition 500</h1>", "500", 0, own).mentions_wanted);
  CHECK(facts_of("<form action=/requisition_headers/500></form>", "500", 0, own).mentions_wanted);
  CHECK(facts_of("<a href=/requisition_headers/500>this</a>", "500", 0, own).requisitions.empty());
  CHECK_FALSE(facts_of("<h1>Maintenance until 5000</h1>", "500", 0, own).mentions_wanted);
}

TEST_CASE("coupa_page: sign-in form") {
  const struct {
    const char* html;
    bool is;
  } rows[] = {
      {R"(<form><input id="user_email"><input id="user_password" type=password></form>)", true},
      {R"(<input name="user[email]"><input name='user[password]'>)", true},
      {R"(<INPUT NAME=user_email><INPUT NAME=user_password>)", true},
      {R"(<input id="user_email">)", false},
      {R"(<input id="user_password">)", false},
      {R"(<p>user_email user_password</p>)", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.html);
    CHECK(facts_of(row.html).sign_in_form == row.is);
  }
}

TEST_CASE("coupa_page: texts of pages that are not there or not to be seen") {
  const struct {
    const char* html;
    bool missing;
    bool forbidden;
  } rows[] = {
      {"<h1>Oops! We couldn't find what you wanted</h1>", true, false},
      {"<h1>Oops! We couldn\xE2\x80\x99t find what you wanted</h1>", true, false},
      {"<h1>OOPS! We couldn&rsquo;t  find <b>what</b> you wanted.</h1>", true, false},
      {"The page you were looking for doesn't exist.", true, false},
      {"<p>The page you were looking for does not exist", true, false},
      {"Desculpe, n\xC3\xA3o encontramos o que voc\xC3\xAA procurava", true, false},
      {"Desculpe, n&atilde;o encontramos o que voc&ecirc; procurava", true, false},
      {"Lo sentimos, no encontramos lo que buscabas", true, false},
      {"La p\xC3\xA1gina que buscaba no existe", true, false},
      {"You are not authorized to access this page.", false, true},
      {"<title>Access Denied</title>", false, true},
      {"Acesso negado", false, true},
      {"Acceso denegado", false, true},
      {"Oops! Something went wrong", false, false},
      {"<!-- Access denied --><p>fine", false, false},
      {"<script>'Access denied'</script>", false, false},
      {"", false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.html);
    const auto facts = facts_of(row.html);
    CHECK(facts.says_not_found == row.missing);
    CHECK(facts.says_not_authorized == row.forbidden);
  }
}

TEST_CASE("coupa_page: markup of attachments, noticed whatever its shape") {
  const struct {
    const char* what;
    const char* html;
    bool seen;
  } rows[] = {
      {"show route alone", R"(<li data-url="/attachments/900100">x</li>)", true},
      {"item class with a number",
       R"(<div class="attachment-v3"><button data-blob-id="77">Quote</button></div>)", true},
      {"item class with a text", R"(<li class="attachment"><button>Quote</button></li>)", true},
      {"label", R"(<span aria-label="a.pdf file attachment">x</span>)", true},
      {"file name within a list", R"(<ul id="attachmentsList"><li><button>plan.pdf</button></li></ul>)",
       true},
      {"file name in a title within a list", R"(<div class="attachments"><i title="plan.pdf"></i></div>)",
       true},
      {"data attribute", R"(<x-file data-attachment-id="9"></x-file>)", true},
      {"incomplete file route", R"(<a href="/download/file">x</a>)", true},
      {"file route of another host", R"(<a href="https://evil.example/attachments/7/download">x</a>)", true},
      {"empty list",
       R"(<div class="attachments" id="attachments"><h3>Attachments</h3><p>No attachments</p></div>)", false},
      {"empty item", R"(<li class="attachment"></li>)", false},
      {"item that says none", R"(<li class="attachment">None</li>)", false},
      {"controls",
       R"(<a class="add-attachment-link" href="/attachments/new">Add</a><button class="attachment-button">Attach</button>)",
       false},
      {"heading", R"(<h2 class="attachment-header">Attachments</h2>)", false},
      {"an amount within a list", R"(<ul class="attachments"><li>12.50</li></ul>)", false},
      {"the word in a text", "<p>See the attachment plan.pdf</p>", false},
      {"nothing", "<p>x</p>", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(facts_of(row.html).attachment_markup_seen == row.seen);
  }
}

TEST_CASE("coupa_page: empty pages") {
  CHECK(facts_of("").empty);
  CHECK(facts_of("<html><body> \n&nbsp;</body></html>").empty);
  CHECK_FALSE(facts_of("<p>x").empty);
  CHECK_FALSE(facts_of("<img src=x>").empty);
}

TEST_CASE("coupa_page: the title, its white space collapsed and bounded") {
  CHECK(facts_of("<title>\n PO  123 &amp; more\t</title><svg><title>icon</title></svg>").title ==
        "PO 123 & more");
  CHECK(facts_of("<title>" + std::string(5000, 'x') + "</title>").title.size() == 1024);
}

}  // namespace pofetch::sources
