#include "pipeline/outcome.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;

namespace {

attachment_record with(char state) {
  attachment_record record;
  if (state == 'c') record.status = attachment_status::completed;
  if (state == 'f') {
    record.status = attachment_status::failed;
    record.error = make_failure(errc::timeout, "no byte for 30 s");
  }
  if (state == 's') record.error = make_failure(errc::session_expired, "it leads to a sign-in page");
  if (state == 'u') record.error = make_failure(errc::unsupported, "its size is not known");
  if (state == 'x') record.status = attachment_status::excluded;
  return record;
}

}  // namespace

TEST_CASE("settle: status of a PO from its attachments") {
  struct row {
    const char* attachments;  // c completed, f failed, p pending, x excluded, s u pending with a reason
    bool incomplete;
    po_status status;
    bool error;
  };
  const row rows[] = {
      {"", false, po_status::no_attachments, false}, {"", true, po_status::failed, true},
      {"c", false, po_status::completed, false},     {"cc", true, po_status::partial, true},
      {"cf", false, po_status::partial, true},       {"ff", false, po_status::failed, true},
      {"cfp", false, po_status::pending, false},     {"p", true, po_status::pending, false},
      {"cx", false, po_status::completed, false},    {"x", false, po_status::completed, false},
      {"fx", false, po_status::failed, true},        {"cs", false, po_status::pending, true},
      {"u", false, po_status::pending, false},
  };
  for (const auto& r : rows) {
    CAPTURE(r.attachments);
    CAPTURE(r.incomplete);
    po_outcome outcome;
    for (const char c : std::string(r.attachments)) outcome.attachments.push_back(with(c));
    std::optional<failure> incomplete;
    if (r.incomplete) incomplete = make_failure(errc::http_status, "a requisition could not be read");
    pipeline::settle(outcome, incomplete);
    CHECK(outcome.status == r.status);
    CHECK(outcome.error.has_value() == r.error);
  }
}

TEST_CASE("settle: the message says how many failed and why the first did") {
  po_outcome outcome;
  for (const char c : std::string("cffc")) outcome.attachments.push_back(with(c));
  pipeline::settle(outcome, std::nullopt);
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == errc::timeout);
  CHECK(outcome.error->message == "2 of 4 attachments could not be fetched; the first: no byte for 30 s");
}
