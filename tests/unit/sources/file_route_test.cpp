#include "sources/coupa/file_route.hpp"

#include <doctest/doctest.h>

namespace pofetch::sources {

TEST_CASE("route_of: file routes accepted, others refused") {
  const struct {
    const char* path;
    route expected;
  } rows[] = {
      {"/attachment/attachment_file/type/900100/plan.pdf", route::file},
      {"/attachment/attachment_file/Invoice/1/a%20b.pdf?x=1", route::file},
      {"/attachments/7/download", route::file},
      {"/attachments/7/download?filename=a.pdf", route::file},
      {"/attachments/7/download/", route::file},
      {"/%61ttachments/7/download", route::file},
      {"/download/file/99", route::file},
      {"/api/blob/download?id=42&filename=mail.eml", route::file},
      {"/api/blob/download?filename=mail.eml", route::file},
      {"/api/blob/download", route::attachment},
      {"/attachments/900100", route::attachment},
      {"/attachments/900100/", route::attachment},
      {"/attachments/900100/edit", route::attachment},
      {"/attachments/new", route::other},
      {"/attachments", route::other},
      {"/attachments/x/download", route::file},
      {"/attachments/x", route::other},
      {"/attachments/a1b2", route::attachment},
      {"/attachments/3fa85f64-5717-4562-b3fc-2c963f66afa6/download", route::file},
      {"/attachments/new/download", route::attachment},
      {"/attachments/:id/download", route::attachment},
      {"/attachments/%7Bid%7D/download", route::attachment},
      {"/attachments/undefined/download", route::attachment},
      {"/attachments/7/download.pdf", route::file},
      {"/attachments/7/download/plan.pdf", route::file},
      {"/attachments/7/delete", route::attachment},
      {"/download/file/..%2f..%2fx.pdf", route::file},
      {"/download/file/..", route::attachment},
      {"/download/file/%2e%2e", route::attachment},
      {"/api/blob/download?key=9f", route::file},
      {"/api/blob/download?id=", route::attachment},
      {"/attachment/attachment_file/type/9f-x/plan.pdf", route::file},
      {"/attachment/attachment_file/type", route::attachment},
      {"/download/file", route::attachment},
      {"/download/files/1", route::other},
      {"/order_headers/123/download", route::page},
      {"/order_headers/123/attachments/7/download", route::page},
      {"/requisition_headers/5/download", route::page},
      {"/purchase_orders/5/download.pdf", route::page},
      {"/order_headers/123", route::page},
      {"/order_headers/PO123.pdf", route::page},
      {"/order_headers/123/edit", route::page},
      {"/order_headers/123/lines", route::page},
      {"/order_headers/123/download_pdf/x.pdf", route::page},
      {"/order_headers/123/attachments", route::page},
      {"/order_headers/123/attachments/new", route::page},
      {"/order_headers/123/attachments/7", route::attachment},
      {"/requisition_headers/5/attachments/a1b2", route::attachment},
      {"/order_headers/plan.pdf", route::other},
      {"/order_headers/123/plan.pdf", route::other},
      {"/purchase_orders/5/files/plan.dwg", route::other},
      {"/help/download/file/1", route::other},
      {"/", route::other},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(route_of(std::string("https://a.example") + row.path) == row.expected);
  }
}

TEST_CASE("attachment_id: what tells attachments apart") {
  const struct {
    const char* path;
    const char* id;
  } rows[] = {{"/attachments/7/download", "7"},
              {"/attachments/7", "7"},
              {"/attachment/attachment_file/type/9/plan.pdf", "9"},
              {"/download/file/a1%20b", "a1 b"},
              {"/api/blob/download?id=42", "42"},
              {"/attachments/new", ""},
              {"/attachments", ""},
              {"/files/7", ""}};
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(attachment_id(std::string("https://a.example") + row.path) == row.id);
  }
}

TEST_CASE("requisition_number: digits alone") {
  const struct {
    const char* path;
    const char* number;
  } rows[] = {{"/requisition_headers/500", "500"},     {"/requisition_headers/500/", "500"},
              {"/requisition_headers/500?a=b", "500"}, {"/requisition_headers/new", ""},
              {"/requisition_headers/500/edit", ""},   {"/requisition_headers", ""},
              {"/x/requisition_headers/500", ""},      {"/requisition_headers/5a", ""}};
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(requisition_number(std::string("https://a.example") + row.path).value_or("") == row.number);
  }
}

TEST_CASE("order_number: with and without prefix, also relative") {
  const struct {
    const char* url;
    const char* number;
  } rows[] = {{"https://a.example/order_headers/123", "123"},
              {"/order_headers/PO123", "123"},
              {"/order_headers/pm9/edit", "9"},
              {"/order_headers/new", ""},
              {"/order_headers", ""},
              {"", ""}};
  for (const auto& row : rows) {
    CAPTURE(row.url);
    CHECK(order_number(row.url).value_or("") == row.number);
  }
}

TEST_CASE("is_path: only what needs no resolving") {
  for (const char* yes : {"/", "/a/b?c=d#e", "/attachments/7/download"}) CHECK(is_path(yes));
  for (const char* no : {"", "a", "//host/a", "/a/../b", "/./a", "/\\host", "/a\nb", "https://a.example/"})
    CHECK_FALSE(is_path(no));
}

TEST_CASE("may_be_attachment: never denies what route_of accepts") {
  for (const char* yes : {"/attachments/7/download", "/ATTACHMENT/attachment_file/a/1/b", "/download/file/1",
                          "/api/blob/download?id=1", "/%61ttachments/7/%64ownload"})
    CHECK(may_be_attachment(yes));
  for (const char* no : {"", "/order_headers/1", "#"}) CHECK_FALSE(may_be_attachment(no));
}

TEST_CASE("quoted_address: the first address in a script") {
  const struct {
    const char* script;
    const char* address;
  } rows[] = {
      {"open('/attachments/3/download')", "/attachments/3/download"},
      {"window.open(\"/attachments/3/download\", '_blank')", "/attachments/3/download"},
      {"go('x', '/attachments/3/download')", "/attachments/3/download"},
      {"open('\\/attachments\\/3\\/download')", "/attachments/3/download"},
      {"location = `https://a.example/x`", "https://a.example/x"},
      {"say('it\\'s', '/x')", "/x"},
      {"go('/track', '/attachments/3/download')", "/attachments/3/download"},
      {"open('/unfinished", ""},
      {"open(url)", ""},
      {"open('javascript:x')", ""},
      {"", ""},
      {"'\\", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.script);
    CHECK(quoted_address(row.script).value_or("") == row.address);
  }
}

}  // namespace pofetch::sources
