#include "pipeline/attachment_sink.hpp"

#include "core/refusal.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_source.hpp"
#include "support/memory_store.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pofetch::pipeline {
namespace {

http_response head_of(int status, std::vector<http_field> fields = {}) {
  http_response head;
  head.status = status;
  head.url = "https://files/1/a.pdf";
  head.fields = std::move(fields);
  return head;
}

/// Counts what comes in.
struct counted_bytes final : progress {
  std::uint64_t count = 0;
  void on(const progress_event& each) override {
    if (const auto* bytes = std::get_if<event::bytes_received>(&each)) count += bytes->count;
  }
};

/// One attachment and its tries.
struct sink_fixture {
  boost::asio::io_context context;
  test::fake_clock time{context};
  test::fake_source source;
  test::memory_store store;
  counted_bytes seen;
  std::unique_ptr<partial_file> body = store.create().value();
  core::transfer state{{"file a.pdf", std::nullopt, 64U << 20U}};
  held_file held;
  int begun = 0;

  attachment_sink sink(const held_file* with = nullptr) {
    return attachment_sink({source, seen, 3, *body, state, "owner", time, with, [this] { ++begun; }});
  }

  static result<void> write(attachment_sink& into, std::string_view text) {
    return into.write(std::as_bytes(std::span(text)));
  }

  [[nodiscard]] std::size_t calls_of(std::string_view name) const {
    std::size_t count = 0;
    for (const std::string& call : store.calls) count += call == name ? 1U : 0U;
    return count;
  }
};

TEST_CASE_FIXTURE(sink_fixture,
                  "attachment sink: the body of a good answer goes to the file and is counted") {
  auto into = sink();
  into.next_try(false);
  auto head = head_of(200, {{"Content-Type", "application/pdf"}, {"Content-Disposition", "attachment"}});
  head.content_length = 3;
  REQUIRE(into.begin(head));
  CHECK(begun == 1);
  REQUIRE(write(into, "%PD"));
  CHECK(body->size() == 3);
  CHECK(seen.count == 3);
  CHECK(into.media_type() == "application/pdf");
  CHECK(into.disposition() == "attachment");
}

TEST_CASE_FIXTURE(sink_fixture,
                  "attachment sink: a redirect to the sign-in page, or a 401, ends the session") {
  const http_response heads[] = {head_of(302, {{"Location", "/sessions/new"}}), head_of(401)};
  for (const auto& head : heads) {
    auto into = sink();
    into.next_try(false);
    const auto begins = into.begin(head);
    REQUIRE_FALSE(begins);
    CHECK(begins.error().code == errc::session_expired);
    CHECK(begun == 0);
  }
}

TEST_CASE_FIXTURE(sink_fixture, "attachment sink: what a refusal says is heard, and not taken for the file") {
  auto into = sink();
  into.next_try(false);
  REQUIRE(into.begin(head_of(403)));
  CHECK(into.refused());
  REQUIRE(write(into, "<Error>"));
  CHECK(into.said() == "<Error>");
  const auto more = write(into, std::string(core::refusal_size, 'x'));
  CHECK_FALSE(more);
  CHECK(into.said().size() == core::refusal_size);
  CHECK(body->size() == 0);
  CHECK(seen.count == 0);
  into.next_try(false);
  CHECK_FALSE(into.refused());
  CHECK(into.said().empty());
}

TEST_CASE_FIXTURE(sink_fixture, "attachment sink: another error has nothing to say") {
  auto into = sink();
  into.next_try(false);
  const auto begins = into.begin(head_of(500));
  REQUIRE_FALSE(begins);
  CHECK(begins.error().code == errc::http_status);
  CHECK_FALSE(into.refused());
}

TEST_CASE_FIXTURE(sink_fixture, "attachment sink: a large body is remembered once a try, a small one never") {
  const std::string piece(attachment_sink::worth_remembering / 2, 'x');
  auto head = head_of(200, {{"ETag", "\"v1\""}, {"Content-Type", "application/pdf"}});
  head.content_length = piece.size() * 4;
  auto into = sink();
  into.next_try(false);
  REQUIRE(into.begin(head));
  REQUIRE(write(into, piece));
  CHECK(calls_of("remember") == 0);
  REQUIRE(write(into, piece));
  REQUIRE(write(into, piece));
  CHECK(calls_of("remember") == 1);
  body.reset();
  REQUIRE(store.left.count("owner") == 1);
  CHECK(store.left["owner"].note.media_type == "application/pdf");
}

TEST_CASE_FIXTURE(sink_fixture,
                  "attachment sink: the rest of a body keeps what its beginning was said to be") {
  auto into = sink();
  into.take_up({"\"v1\"", 6, {}, "attachment; filename=a.pdf", "application/pdf"});
  REQUIRE(body->append(std::as_bytes(std::span(std::string_view("abc")))));
  REQUIRE(state.take_up({"\"v1\"", 6, {}, {}, {}}, 3));
  into.next_try(false);
  auto head = head_of(206, {{"ETag", "\"v1\""}, {"Content-Range", "bytes 3-5/6"}});
  head.content_length = 3;
  REQUIRE(into.begin(head));
  CHECK(into.disposition() == "attachment; filename=a.pdf");
  CHECK(into.media_type() == "application/pdf");
  REQUIRE(write(into, "def"));
  CHECK(body->head(6).value() == "abcdef");
}

TEST_CASE_FIXTURE(sink_fixture, "attachment sink: a whole answer starts over what is there") {
  auto into = sink();
  REQUIRE(body->append(std::as_bytes(std::span(std::string_view("abc")))));
  REQUIRE(state.take_up({"\"v1\"", 6, {}, {}, {}}, 3));
  into.next_try(false);
  auto head = head_of(200, {{"ETag", "\"v2\""}});
  head.content_length = 3;
  REQUIRE(into.begin(head));
  REQUIRE(write(into, "xyz"));
  CHECK(body->head(6).value() == "xyz");
}

TEST_CASE_FIXTURE(sink_fixture,
                  "attachment sink: 304 is believed about the version that was asked about alone") {
  held = {"\"v1\"", 3, {std::string(64, 'a')}};
  auto into = sink(&held);
  into.next_try(true);
  REQUIRE(into.begin(head_of(304, {{"ETag", "\"v1\""}})));
  CHECK(into.unchanged());
  into.next_try(true);
  CHECK_FALSE(into.begin(head_of(304, {{"ETag", "\"v2\""}})));
  CHECK_FALSE(into.unchanged());
  CHECK(into.distrusts_condition());
  CHECK(into.wants_refetch());
}

TEST_CASE_FIXTURE(sink_fixture,
                  "attachment sink: a whole answer with what is held already ends before its body") {
  held = {"\"v1\"", 3, {std::string(64, 'a')}};
  auto head = head_of(200, {{"ETag", "\"v1\""}});
  head.content_length = 3;
  auto into = sink(&held);
  into.next_try(true);
  CHECK_FALSE(into.begin(head));
  CHECK(into.unchanged());
  // Another length is another file, whatever the tag says.
  head.content_length = 4;
  into.next_try(true);
  CHECK(into.begin(head));
  CHECK_FALSE(into.unchanged());
}

}  // namespace
}  // namespace pofetch::pipeline
