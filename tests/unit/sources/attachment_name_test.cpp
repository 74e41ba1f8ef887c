#include "sources/coupa/attachment_name.hpp"

#include <doctest/doctest.h>

namespace pofetch::sources {

TEST_CASE("looks_like_file_name: a dot and 2 to 8 letters or digits") {
  for (const char* yes : {"a.pdf", "a b.docx", " x.7z ", "\xC3\xA9.pdf", "a.tar.gz", "a.verylong", "..pdf"}) {
    CAPTURE(yes);
    CHECK(looks_like_file_name(yes));
  }
  for (const char* no : {"", "a", "a.", ".pdf", "a.p", "a.p f", "a.verylonge", "Note: x",
                         "see https://a.example", "a.pd\xC3\xA9"}) {
    CAPTURE(no);
    CHECK_FALSE(looks_like_file_name(no));
  }
}

TEST_CASE("likeness_of: files, and what only looks like one") {
  const struct {
    const char* text;
    likeness like;
  } rows[] = {
      {"plan.pdf", likeness::sure},
      {"Plan B.DWG", likeness::sure},
      {" x.p7m ", likeness::sure},
      {"a.tar.gz", likeness::sure},
      {"report.html", likeness::sure},
      {"part_7.xyz", likeness::unsure},
      {"part 7.abc1", likeness::unsure},
      {"john.smith", likeness::none},
      {"Acme.Inc", likeness::none},
      {"acme-corp.com", likeness::none},
      {"a@example.pdf", likeness::sure},
      {"x1@example.xyz", likeness::none},
      {"www.acme-1.xyz", likeness::none},
      {"1.2MB", likeness::none},
      {"25,5.5kb", likeness::none},
      {"10.30am", likeness::none},
      {"*.pdf", likeness::none},
      {"only .pdf", likeness::none},
      {"2.7z", likeness::sure},
      {"12.50", likeness::none},
      {"", likeness::none},
      {"https://a.example/x.pdf", likeness::none},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(likeness_of(row.text) == row.like);
  }
  CHECK(likeness_of(std::string(300, 'x') + ".pdf") == likeness::none);
}

TEST_CASE("choose_name: the first that looks like a file name") {
  const char* const plain = "https://a.example/attachments/1/download";
  const struct {
    const char* what;
    name_hints hints;
    const char* url;
    const char* name;
  } rows[] = {
      {"download first", {"a.pdf", "b.pdf", "c.pdf file attachment", "d.pdf"}, plain, "a.pdf"},
      {"empty download", {"", "Download terms.docx", "", "x"}, plain, "terms.docx"},
      {"prefix in another case", {"", "DOWNLOAD  terms.docx", "", ""}, plain, "terms.docx"},
      {"a name that begins so", {"", "Downloads.zip", "", ""}, plain, "Downloads.zip"},
      {"label", {"", "Click", "c.pdf File Attachment", "d.pdf"}, plain, "c.pdf"},
      {"text", {"", "", "", "d.pdf"}, plain, "d.pdf"},
      {"glued text", {"", "", "", "Bill_1.pdf ======== Bill_2.pdf ========"}, plain, "Bill_1.pdf"},
      {"title beats glued text",
       {"", "Bill_9.pdf", "", "Bill_1.pdf ======== Bill_2.pdf"},
       plain,
       "Bill_9.pdf"},
      {"query filename",
       {"", "Note from approver: please check", "", "Note..."},
       "https://a.example/attachments/1/download?filename=NOTE_9.pdf",
       "NOTE_9.pdf"},
      {"query, encoded", {}, "https://a.example/api/blob/download?id=1&filename=a%20b%2Bc.eml", "a b+c.eml"},
      {"query file", {}, "https://a.example/x?file=q.xls", "q.xls"},
      {"query name", {}, "https://a.example/x?name=q.xls", "q.xls"},
      {"path", {}, "https://a.example/attachment/attachment_file/type/9/plan%201.pdf", "plan 1.pdf"},
      {"nothing looks like one: text", {"", "", "", "Quote"}, plain, "Quote"},
      {"a generic text is no name", {"", "Download", "", "View"}, plain, "download"},
      {"nothing at all", {}, plain, "download"},
      {"root", {}, "https://a.example/", ""},
      {"spaces", {"", " Download  a \n b.pdf ", "", ""}, plain, "a b.pdf"},
      {"hostile", {"../../etc/passwd.txt", "", "", ""}, plain, "../../etc/passwd.txt"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(choose_name(row.hints, row.url).name == row.name);
  }
}

TEST_CASE("name_in_label: only with its suffix") {
  CHECK(name_in_label("plan.pdf file attachment") == "plan.pdf");
  CHECK(name_in_label(" plan.pdf FILE ATTACHMENT ") == "plan.pdf");
  CHECK(name_in_label("plan.pdf") == "");
  CHECK(name_in_label("file attachment") == "");
}

}  // namespace pofetch::sources
