#include "sources/coupa_web/page_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pofetch::sources {

namespace {

http_response head_of(int status, std::string type = "text/html; charset=utf-8") {
  http_response head;
  head.status = status;
  head.url = "https://acme.coupahost.com/order_headers/123";
  if (!type.empty()) head.fields.push_back({"content-type", std::move(type)});
  return head;
}

result<void> write(page_reader& reader, std::string_view text) {
  return reader.write(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace

TEST_CASE("page_reader: only what may be HTML is read") {
  const struct {
    const char* type;
    bool read;
  } rows[] = {{"text/html", true},        {"", true},
              {"text/plain", true},       {"application/xhtml+xml", true},
              {"application/pdf", false}, {"application/json", false}};
  for (const auto& row : rows) {
    CAPTURE(row.type);
    page_reader reader("123");
    REQUIRE(reader.begin(head_of(200, row.type)).has_value());
    REQUIRE(write(reader, "<title>PO 123</title>").has_value());
    const auto facts = reader.finish();
    REQUIRE(facts.has_value());
    CHECK(facts->is_wanted == row.read);
    CHECK(facts->empty == !row.read);
  }
}

TEST_CASE("page_reader: of an answer that is no success, the beginning") {
  page_reader reader("123");
  REQUIRE(reader.begin(head_of(404)).has_value());
  REQUIRE(
      write(reader, "<p>Oops! We couldn't find what you wanted</p>" + std::string(300'000, 'x')).has_value());
  REQUIRE(write(reader, "<input id=user_email><input id=user_password>").has_value());
  const auto facts = reader.finish();
  REQUIRE(facts.has_value());
  CHECK(facts->says_not_found);
  CHECK_FALSE(facts->sign_in_form);
}

TEST_CASE("page_reader: begun again, the first answer is forgotten") {
  page_reader reader("123");
  REQUIRE(reader.begin(head_of(200)).has_value());
  REQUIRE(write(reader, "<title>PO 123</title><a href='/attachments/1/down").has_value());
  REQUIRE(reader.begin(head_of(200)).has_value());
  REQUIRE(write(reader, "<title>PO 124</title>").has_value());
  const auto facts = reader.finish();
  REQUIRE(facts.has_value());
  CHECK_FALSE(facts->is_wanted);
  CHECK(facts->attachments.empty());
}

TEST_CASE("page_reader: never begun, the facts of an empty page") {
  page_reader reader("123");
  CHECK(reader.finish()->empty);
}

}  // namespace pofetch::sources
