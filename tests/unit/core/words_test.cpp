#include <pofetch/attachment.hpp>
#include <pofetch/http_message.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/source_kind.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;

TEST_CASE("words: states of a PO") {
  const char* words[po_status_count] = {"PENDING",        "COMPLETED", "PARTIAL", "FAILED",
                                        "NO_ATTACHMENTS", "NOT_FOUND", "INVALID", "SKIPPED"};
  for (int i = 0; i < po_status_count; ++i) CHECK(to_string(static_cast<po_status>(i)) == words[i]);
  CHECK(to_string(static_cast<po_status>(99)) == "PENDING");
}

TEST_CASE("words: states of an attachment, committing is shown as pending") {
  CHECK(to_string(attachment_status::pending) == "PENDING");
  CHECK(to_string(attachment_status::committing) == "PENDING");
  CHECK(to_string(attachment_status::completed) == "COMPLETED");
  CHECK(to_string(attachment_status::failed) == "FAILED");
  CHECK(to_string(attachment_status::excluded) == "EXCLUDED");
}

TEST_CASE("words: sources") {
  CHECK(to_string(source_kind::automatic) == "auto");
  CHECK(to_string(source_kind::web) == "web");
  CHECK(to_string(source_kind::manifest) == "manifest");
}

TEST_CASE("words: fields of a response, first of the name in any case") {
  http_response head;
  head.fields = {{"ETag", "\"1\""}, {"X", ""}, {"etag", "\"2\""}};
  CHECK(head.field("etag") == "\"1\"");
  CHECK(head.field("ETAG") == "\"1\"");
  CHECK(head.field("x").empty());
  CHECK(head.field("none").empty());
}
