#include "core/content_disposition.hpp"

#include <doctest/doctest.h>

#include <string>

using pofetch::core::filename_from;

TEST_CASE("content_disposition: file names") {
  struct row {
    std::string header;
    std::string expected;
  };
  const row rows[] = {
      // RFC 6266 section 5
      {"Attachment; filename=example.html", "example.html"},
      {"INLINE; FILENAME= \"an example.html\"", "an example.html"},
      {"attachment; filename*= UTF-8''%e2%82%ac%20rates", "€ rates"},
      {"attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "€ rates"},
      {"attachment; filename*=utf-8''%e2%82%ac%20rates; filename=\"EURO rates\"", "€ rates"},
      // RFC 8187: language tag, Latin-1
      {"attachment; filename*=UTF-8'en'%c2%a3.pdf", "£.pdf"},
      {"attachment; filename*=iso-8859-1''foo-%E4.html", "foo-ä.html"},
      {"attachment; filename*=ISO-8859-1''%80.pdf", "€.pdf"},
      // Quoted strings and escapes
      {R"(attachment; filename="f\oo.html")", "foo.html"},
      {R"(attachment; filename="\"quoting\" tested.html")", "\"quoting\" tested.html"},
      {R"(attachment; filename="semi;colon.html"; size=3)", "semi;colon.html"},
      {R"(attachment; foo="\"\\";filename="foo.html")", "foo.html"},
      {R"(attachment; filename="plan "B" final.pdf"; x=y)", "plan \"B\" final.pdf"},
      {R"(attachment; filename="open.pdf)", "open.pdf"},
      {R"(attachment; filename="")", ""},
      {"attachment; filename=a b c.pdf", "a b c.pdf"},
      {"attachment ;\tfilename = x.pdf ; creation-date=\"Wed, 12 Feb 1997 16:29:51 -0500\"", "x.pdf"},
      {"filename=x.pdf", "x.pdf"},
      {"attachment; xfilename=bad.pdf; filename=good.pdf", "good.pdf"},
      {"attachment; filename=first.pdf; filename=second.pdf", "first.pdf"},
      // What servers send against the rules
      {"attachment; filename=\"Orçamento.pdf\"", "Orçamento.pdf"},
      {"attachment; filename=\"Or\xE7"
       "amento.pdf\"",
       "Orçamento.pdf"},
      {"attachment; filename=\"=?utf-8?B?T3LDp2FtZW50by5wZGY=?=\"", "Orçamento.pdf"},
      {"attachment; filename=\"=?ISO-8859-1?Q?Or=E7amento_1.pdf?=\"", "Orçamento 1.pdf"},
      {"attachment; filename=na%C3%AFve.pdf", "naïve.pdf"},
      {"attachment; filename=\"100% done.pdf\"", "100% done.pdf"},
      {"attachment; filename=\"a%FFb.pdf\"", "a%FFb.pdf"},
      {"attachment; filename*=\"UTF-8''quoted%20ext.pdf\"", "quoted ext.pdf"},
      {"attachment; filename*=bare%20ext.pdf", "bare ext.pdf"},
      {"attachment; filename*=UTF-8''%FF%FE; filename=plain.pdf", "plain.pdf"},
      {"attachment; filename*=UTF-8''; filename=plain.pdf", "plain.pdf"},
      {"attachment; filename*=UTF-8''a%2; filename=plain.pdf", "a%2"},
      // The form of filename*, without its star
      {"attachment; filename=UTF-8''na%C3%AFve.pdf", "naïve.pdf"},
      {"attachment; filename=\"UTF-8''na%C3%AFve%20plan.pdf\"", "naïve plan.pdf"},
      {"attachment; filename=utf-8'pt-BR'Or%C3%A7amento.pdf", "Orçamento.pdf"},
      {"attachment; filename=utf8''a%20b.pdf", "a b.pdf"},
      {"attachment; filename=iso-8859-1''foo-%E4.pdf", "foo-ä.pdf"},
      {"attachment; filename=UTF-8''plain.pdf", "plain.pdf"},
      {"attachment; filename=\"UTF-8''..%2F..%2Fx.pdf\"", "x.pdf"},
      {"attachment; filename=UTF-8''a.pdf; filename*=UTF-8''b.pdf", "b.pdf"},
      {"attachment; filename=\"Joe's 'final'.pdf\"", "Joe's 'final'.pdf"},
      {"attachment; filename=\"rock 'n' roll.pdf\"", "rock 'n' roll.pdf"},
      {"attachment; filename=\"UTF-8'only one.pdf\"", "UTF-8'only one.pdf"},
      {"attachment; filename*=utf8''%e2%82%ac.pdf", "€.pdf"},
      {"attachment; filename*0=\"long \"; filename*1=\"name.pdf\"", "long name.pdf"},
      {"attachment; filename*0*=UTF-8''%e2%82%ac; filename*1=\".pdf\"", "€.pdf"},
      {"attachment; filename*1=\"tail.pdf\"", ""},
      // Only the last segment of a path counts
      {"attachment; filename=\"../../etc/passwd\"", "passwd"},
      {R"(attachment; filename="C:\Users\me\bill.pdf")", "bill.pdf"},
      {R"(attachment; filename="\\\\server\\share\\bill.pdf")", "bill.pdf"},
      {"attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"},
      {"attachment; filename*=UTF-8''a%5Cb.pdf", "b.pdf"},
      {"attachment; filename=\"dir/\"", ""},
      {"attachment; filename=..", ""},
      {"attachment; filename=\" . \"", ""},
      // No name at all
      {"", ""},
      {"attachment", ""},
      {"inline;", ""},
      {"attachment; name=x.pdf", ""},
      {";;;===;", ""},
      {"attachment; filename", ""},
      {"attachment; filename=", ""},
      {"attachment; filename*=", ""},
      {"attachment; filename*9999999999999999999999=x", ""},
      {"attachment; filename**=x", ""},
  };
  for (const auto& r : rows) {
    CAPTURE(r.header);
    CHECK(filename_from(r.header).value_or("") == r.expected);
  }
}

TEST_CASE("content_disposition: hostile lengths, still quick") {
  std::string header = "attachment; filename=\"";
  for (int i = 0; i < 20'000; ++i) header += "\" =?a?b?";
  CHECK_NOTHROW((void)filename_from(header));
  header = "attachment";
  for (int i = 0; i < 20'000; ++i) header += ";filename*" + std::to_string(i) + "=x";
  CHECK(filename_from(header) == std::string(64, 'x'));
}
