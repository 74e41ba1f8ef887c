#include "sources/coupa_web/po_identity.hpp"

#include "page_helpers.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {

using lines = std::vector<std::string>;

TEST_CASE("number_tokens: numbers that stand for themselves") {
  const struct {
    const char* text;
    lines tokens;
  } rows[] = {
      {"123", {"123"}},
      {"PO123 pm-9 #7", {"123", "9", "7"}},
      {"00123", {"123"}},
      {"A123 123A x_1 1_x", {}},
      {"12.50 1,234 10:30", {}},
      {"2026-01-15", {"2026"}},
      {"123.", {"123"}},
      {"(123), 124; 125/126", {"123", "124", "125", "126"}},
      {"1234567890123456789", {}},
      {"n\xC2\xBA"
       "5",
       {"5"}},
      {"", {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(number_tokens(row.text) == row.tokens);
  }
}

TEST_CASE("order_claimed_in: the first number after a word for an order") {
  const struct {
    const char* text;
    const char* number;
  } rows[] = {
      {"Purchase Order #123", "123"},
      {"Purchase Order No. 0123 | Coupa 36", "123"},
      {"PO123", "123"},
      {"Coupa - PO 123", "123"},
      {"PO Number: 123", "123"},
      {"PM-123", "123"},
      {"Pedido n\xC2\xBA 123", "123"},
      {"Pedido de Compra N\xC3\xBAmero 123", "123"},
      {"Orden de compra 123", "123"},
      {"Version 36 Order 123 Order 124", "123"},
      {"Order total 123", ""},
      {"123", ""},
      {"Shampoo 123", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(order_claimed_in(row.text) == row.number);
  }
}

TEST_CASE("po_identity: is it the page of PO 123?") {
  const struct {
    const char* what;
    const char* html;
    bool wanted;
    lines shown;
  } rows[] = {
      {"title", "<title>Purchase Order #123</title>", true, {"123"}},
      {"title, the number alone", "<title>123 - Coupa</title>", true, {"123"}},
      {"title, prefixed", "<title>PO123</title>", true, {"123"}},
      {"title, leading zeros", "<title>PO 000123</title>", true, {"123"}},
      {"title of another", "<title>Purchase Order #124</title>", false, {"124"}},
      {"longer number", "<title>Purchase Order #1234</title>", false, {"1234"}},
      {"part of an amount", "<title>Total 123.45</title>", false, {}},
      {"text of the form", "<div id=topForm><h1>Order 123</h1></div>", true, {"123"}},
      {"text of the form, bare", "<div id=topForm><span>123</span></div>", true, {"123"}},
      {"text in pieces",
       "<div id=topForm><b>Purchase Order</b><span> # </span><i>123</i></div>",
       true,
       {"123"}},
      {"action of the form", "<form id=topForm action='/order_headers/123'></form>", true, {"123"}},
      {"action within",
       "<div id=topForm><form action='https://acme.coupahost.com/order_headers/123?x=1'></form></div>",
       true,
       {"123"}},
      {"value of a field",
       "<form id=topForm><input name='order_header[po_number]' value='PO123'></form>",
       true,
       {"123"}},
      {"any value", "<form id=topForm><input name=q value=123></form>", true, {"123"}},
      {"data attribute", "<div id=topForm data-po-number=123></div>", true, {"123"}},
      {"data attribute within", "<div id=topForm><p data-x='Order 123'></p></div>", true, {"123"}},
      {"outside of the form", "<div id=topForm></div><p>Order 123</p>", false, {}},
      {"another order that mentions it",
       "<title>Purchase Order 124</title><div id=topForm><h1>Purchase Order 124</h1> Replaces PO 123</div>",
       false,
       {"124"}},
      {"another by its action, mentions it",
       "<title>Coupa</title><form id=topForm action=/order_headers/124><input name=parent value=123></form>",
       false,
       {"124"}},
      {"quantities beside it",
       "<form id=topForm action=/order_headers/123><td>124</td><td>5</td></form>",
       true,
       {"123"}},
      {"numbers in neighbouring cells do not join",
       "<div id=topForm><td>12</td><td>3</td></div>",
       false,
       {"12", "3"}},
      {"other case of the id", "<div id=topform>123</div>", false, {}},
      {"nothing", "<p>hello</p>", false, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto facts = test::facts_of(row.html);
    CHECK(facts.is_wanted == row.wanted);
    CHECK(facts.numbers == row.shown);
  }
}

TEST_CASE("po_identity: the list may have zeros before the number") {
  CHECK(test::facts_of("<title>Purchase Order #123</title>", "000123").is_wanted);
  CHECK_FALSE(test::facts_of("<title>Purchase Order #1230</title>", "000123").is_wanted);
}

}  // namespace pofetch::sources
