#include "pipeline/naming.hpp"

#include <doctest/doctest.h>

using namespace pofetch;

namespace {

struct item {
  const char* wanted;
  const char* held = "";
  attachment_status status = attachment_status::committing;
  bool replaces = false;
};

std::vector<std::string> names_given(const std::vector<item>& items, const std::vector<std::string>& present,
                                     std::size_t longest = 255) {
  pipeline::finished_po po;
  for (const auto& i : items) {
    attachment_record record;
    record.name = i.wanted;
    record.status = i.status;
    po.outcome.attachments.push_back(record);
    po.parts.emplace_back();
    po.parts.back().held_name = i.held;
    po.parts.back().replaces = i.replaces;
  }
  pipeline::choose_names(po, present, longest);
  std::vector<std::string> names;
  for (const auto& record : po.outcome.attachments) names.push_back(record.name);
  return names;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("choose_names: free names stay, equal ones are numbered in order, case folded") {
  CHECK(names_given({{"a.pdf"}, {"b.pdf"}}, {}) == names{"a.pdf", "b.pdf"});
  CHECK(names_given({{"a.pdf"}, {"a.pdf"}, {"A.PDF"}}, {}) == names{"a.pdf", "a (2).pdf", "A (3).PDF"});
}

TEST_CASE("choose_names: names of the folder are taken, in any case") {
  CHECK(names_given({{"a.pdf"}}, {"A.pdf"}) == names{"a (2).pdf"});
}

TEST_CASE("choose_names: names of earlier runs stay and come before new ones") {
  CHECK(names_given({{"a.pdf"}, {"a.pdf", "a.pdf", attachment_status::completed}}, {"a.pdf"}) ==
        names{"a (2).pdf", "a.pdf"});
  CHECK(names_given({{"a.pdf", "a (2).pdf"}, {"a.pdf"}}, {}) == names{"a (2).pdf", "a.pdf"});
}

TEST_CASE("choose_names: a held name that somebody else's file took meanwhile is given up") {
  CHECK(names_given({{"a.pdf", "a.pdf"}}, {"a.pdf"}) == names{"a (2).pdf"});
}

TEST_CASE("choose_names: a file of ours that went bad is replaced under its name") {
  CHECK(names_given({{"a.pdf", "a.pdf", attachment_status::committing, true}}, {"a.pdf"}) == names{"a.pdf"});
}

TEST_CASE("choose_names: a name held for a failed attachment yields to another name from the server") {
  CHECK(names_given({{"real.pdf", "listed.pdf"}}, {}) == names{"real.pdf"});
}

TEST_CASE("choose_names: excluded attachments hold no name") {
  CHECK(names_given({{"a.pdf", "", attachment_status::excluded}, {"a.pdf"}}, {}) == names{"a.pdf", "a.pdf"});
}

TEST_CASE("choose_names: names that the file system does not take are cut, and stay in later runs") {
  static const std::string wanted = std::string(200, 'n') + ".pdf";
  static const std::string cut = std::string(139, 'n') + ".pdf";
  static const std::string second = std::string(135, 'n') + " (2).pdf";
  CHECK(names_given({{wanted.c_str()}, {wanted.c_str()}}, {}, 143) == names{cut, second});
  CHECK(names_given({{wanted.c_str()}}, {cut}, 143) == names{second});
  CHECK(names_given({{wanted.c_str(), second.c_str()}, {wanted.c_str()}}, {}, 143) == names{second, cut});
  CHECK(names_given({{wanted.c_str(), cut.c_str(), attachment_status::completed}}, {cut}, 143) == names{cut});
  CHECK(names_given({{wanted.c_str(), "", attachment_status::excluded}}, {}, 143) == names{wanted});
  CHECK(names_given({{wanted.c_str()}}, {}) == names{wanted});
}
