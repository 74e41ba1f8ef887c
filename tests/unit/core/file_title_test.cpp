#include "core/file_title.hpp"

#include <doctest/doctest.h>

#include <string>

using pofetch::core::file_title;
using pofetch::core::name_in_query;

TEST_CASE("file_title: names in the query of an address") {
  struct row {
    std::string query;
    std::string expected;
  };
  const row rows[] = {
      // What a signed address has the storage send
      {"response-content-disposition=attachment%3B%20filename%3D%22Quote%207.pdf%22&X-Amz-Signature=1",
       "Quote 7.pdf"},
      {"X-Amz-Signature=1&response-content-disposition=attachment%3B+filename%3Dquote.pdf", "quote.pdf"},
      {"Response-Content-Disposition=inline;filename*=UTF-8''Or%C3%A7amento.pdf",
       "Or\xC3\xA7"
       "amento.pdf"},
      {"response-content-disposition=attachment%3B%20filename%2A%3DUTF-8%27%27Or%25C3%25A7amento.pdf",
       "Or\xC3\xA7"
       "amento.pdf"},
      {"response%2Dcontent%2Ddisposition=attachment%3Bfilename%3Da.pdf", "a.pdf"},
      {"sv=2022&rscd=attachment%3B%20filename%3D%22a.xlsx%22&sig=x", "a.xlsx"},
      {"response-content-disposition=attachment%3B%20filename%3D%22..%2F..%2Fx.pdf%22", "x.pdf"},
      {"response-content-disposition=attachment&filename=a.pdf", "a.pdf"},
      {"filename=b.pdf&response-content-disposition=attachment%3Bfilename%3Da.pdf", "a.pdf"},
      // A plain parameter
      {"filename=bill.pdf&sig=1", "bill.pdf"},
      {"fileName=my+bill.pdf", "my bill.pdf"},
      {"file_name=C%3A%5Ctmp%5Cbill.pdf", "bill.pdf"},
      {"attname=bill.pdf", "bill.pdf"},
      {"filename=a.pdf&filename=b.pdf", "a.pdf"},
      // None
      {"", ""},
      {"filename=", ""},
      {"filename", ""},
      {"filename=12345", ""},
      {"filename=..", ""},
      {"name=a.pdf", ""},
      {"xfilename=a.pdf", ""},
      {"response-content-disposition=inline", ""},
      {"response-content-type=application/pdf", ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.query);
    CHECK(name_in_query("https://storage.example/7f3a9c?" + r.query).value_or("") == r.expected);
  }
  CHECK_FALSE(name_in_query("https://storage.example/filename=a.pdf"));
  CHECK_FALSE(name_in_query("https://storage.example/x#?filename=a.pdf"));
  CHECK_FALSE(name_in_query(""));
}

TEST_CASE("file_title: the answer's own word first, then the source's, then the addresses") {
  const std::string field = "attachment; filename=field.pdf";
  const std::string listed = "listed.pdf";
  const std::string answered = "https://storage.example/7f3a9c?filename=answered.pdf";
  const std::string asked = "https://acme.example/files/last%20part.pdf?filename=asked.pdf";
  const std::string bare = "https://acme.example/files/last%20part.pdf?id=1";
  CHECK(file_title({field, listed, answered, asked}) == "field.pdf");
  CHECK(file_title({"attachment", listed, answered, asked}) == "listed.pdf");
  CHECK(file_title({{}, {}, answered, asked}) == "answered.pdf");
  CHECK(file_title({{}, {}, "https://storage.example/7f3a9c", asked}) == "asked.pdf");
  CHECK(file_title({{}, {}, "https://storage.example/7f3a9c", bare}) == "last part.pdf");
  CHECK(file_title({}) == "");
}
