#include "core/encoding.hpp"
#include "storage/bodies/part_note.hpp"
#include "store_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>

using namespace pofetch;
using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* part = "0123456789abcdef-0.part";
constexpr const char* note_file = "0123456789abcdef-0.note";

body_note sample(std::uint64_t total = 10) {
  body_note note;
  note.etag = "\"v1\"";
  note.total = total;
  note.digests.push_back({digest_algorithm::sha1, std::string(20, '\x01'), "Repr-Digest"});
  note.disposition = "attachment; filename=\"a b\xc3\xa9.pdf\"";
  note.media_type = "application/pdf";
  return note;
}

storage::part_note sample_part(std::uint64_t total = 10) {
  return {storage::this_boot(), storage::owner_mark("1\nkey"), sample(total)};
}

std::string text_of(const storage::part_note& note) {
  const auto text = storage::format_note(note);
  REQUIRE(text);
  return *text;
}

/// A folder in which an earlier run left a body; `open` is what the next run does first.
struct left_fixture {
  temp_dir dir;
  fs::path out = dir / "out";
  fs::path partial = out / ".pofetch/partial";
  std::unique_ptr<storage::file_store> store;

  left_fixture() { fs::create_directories(partial); }

  void leave(std::string_view content, std::string_view note) {
    write_file(partial / part, content);
    write_file(partial / note_file, note);
  }

  std::size_t open() {
    store = must(storage::file_store::open(out, durability::none, true));
    return must(store->sweep());
  }

  [[nodiscard]] bool empty() const { return fs::is_empty(partial); }
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("note: written and read, is the same") {
  const auto read = storage::parse_note(text_of(sample_part(73'400'320)));
  REQUIRE(read);
  CHECK(read->boot == storage::this_boot());
  CHECK(read->owner == storage::owner_mark("1\nkey"));
  CHECK(read->body.etag == "\"v1\"");
  CHECK(read->body.total == 73'400'320);
  CHECK(read->body.disposition == sample().disposition);
  CHECK(read->body.media_type == "application/pdf");
  REQUIRE(read->body.digests.size() == 1);
  CHECK(read->body.digests[0].algorithm == digest_algorithm::sha1);
  CHECK(read->body.digests[0].bytes == std::string(20, '\x01'));
  CHECK(read->body.digests[0].origin == "Repr-Digest");
}

TEST_CASE("note: anything else than what is written, is not read") {
  const std::string good = text_of(sample_part());
  CHECK(storage::parse_note(good));
  for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(storage::parse_note(good.substr(0, cut)));
  const std::string bad[] = {
      "",
      "garbage",
      std::string(5000, '\0'),
      std::string(100'000, 'x'),
      good + "x",
      good + good,
      replaced(good, "partial/1", "partial/2"),
      replaced(good, "partial/1", "partial/11"),
      replaced(good, "boot ", "boot"),
      replaced(good, "boot " + storage::this_boot(), "boot "),
      replaced(good, "owner ", "owner x"),
      replaced(good, "total 10", "total -10"),
      replaced(good, "total 10", "total 10 "),
      replaced(good, "total 10", "total 99999999999999999999999"),
      replaced(good, "etag \"v1\"", "etag W/\"v1\""),
      replaced(good, "etag \"v1\"", "etag v1"),
      replaced(good, "etag \"v1\"", "etag "),
      replaced(good, "etag \"v1\"", "etag  \"v1\""),
      replaced(good, "type ", "type !"),
      replaced(good, "type ", "type " + core::base64_encode("a\nb")),
      replaced(good, "SHA-1", "SHA-3"),
      replaced(good, "digest SHA-1 01", "digest SHA-1 "),
      replaced(good, "digest SHA-1 ", "digest SHA-1\ndigest SHA-1 "),
      replaced(good, "digest SHA-1 ", "digest \ndigest SHA-1 "),
      replaced(good, "digest SHA-1 01", "digest SHA-1 0x"),
      replaced(good, "digest SHA-1 ", "digest SHA-256 "),
      replaced(good, "Repr-Digest", "Repr Digest"),
      replaced(good, "Repr-Digest", ""),
      replaced(good, "owner " + storage::owner_mark("1\nkey"), "owner abc"),
      replaced(good, "end\n", "end of it\n"),
      replaced(good, "end\n", "end\nend\n"),
  };
  for (const std::string& each : bad) {
    CAPTURE(each.substr(0, 300));
    CHECK_FALSE(storage::parse_note(each));
  }
}

TEST_CASE("note: what could not be read again, is not written") {
  auto note = sample_part();
  note.body.disposition = std::string(20'000, 'x');
  CHECK_FALSE(storage::format_note(note));
  note = sample_part();
  note.body.etag = "W/\"v1\"";
  CHECK_FALSE(storage::format_note(note));
  note = sample_part();
  note.boot.clear();
  CHECK_FALSE(storage::format_note(note));
}

TEST_CASE("left body: remembered, outlives its object and is found by the next run with its note") {
  store_fixture fixture;
  auto body = fixture.body("0123456");
  must(body->remember("1\nkey", sample()));
  must(body->append(bytes_of("7")));
  body.reset();
  CHECK(fixture.partials() == 2);
  CHECK_FALSE(fixture.store->take_left("1\nkey"));

  auto next = must(storage::file_store::open(fixture.out, durability::none, true));
  CHECK(must(next->sweep()) == 0);
  CHECK_FALSE(next->take_left("2\nkey"));
  auto left = next->take_left("1\nkey");
  REQUIRE(left);
  CHECK_FALSE(next->take_left("1\nkey"));
  CHECK(left->found == 8);
  CHECK(left->note.etag == "\"v1\"");
  CHECK(left->note.disposition == sample().disposition);
  must(left->body->require(digest_algorithm::sha256));
  for (int turns = 0; left->body->size() < left->found; ++turns) {
    must(left->body->recover(std::min<std::uint64_t>(3, left->found - left->body->size())));
    REQUIRE(turns < 3);
  }
  must(left->body->append(bytes_of("89")));
  CHECK(core::to_hex(left->body->digest(digest_algorithm::sha256)) ==
        "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
  must(next->place(*left->body, "1", "a.txt", placement::fresh));
  CHECK(read_file(fixture.out / "1/a.txt") == "0123456789");
  CHECK(fixture.partials() == 0);
}

TEST_CASE("left body: with a note that is too long, is not remembered") {
  store_fixture fixture;
  auto body = fixture.body("0123456");
  auto note = sample();
  note.disposition = std::string(storage::longest_note, 'x');
  must(body->remember("1\nkey", note));
  CHECK(fixture.partials() == 1);
  body.reset();
  CHECK(fixture.partials() == 0);
}

TEST_CASE("left body: taken and not finished, stays; rewound or forgotten, goes") {
  for (const std::string how : {"dropped", "half recovered", "rewound", "forgotten"}) {
    CAPTURE(how);
    left_fixture f;
    f.leave("0123", text_of(sample_part()));
    CHECK(f.open() == 0);
    auto left = f.store->take_left("1\nkey");
    REQUIRE(left);
    if (how == "half recovered") must(left->body->recover(2));
    if (how == "rewound") must(left->body->rewind());
    if (how == "forgotten") must(left->body->forget());
    left.reset();
    const bool stays = how == "dropped" || how == "half recovered";
    CHECK(f.empty() != stays);
    if (stays) CHECK(read_file(f.partial / part) == "0123");
    CHECK(f.open() == 0);
    CHECK(f.store->take_left("1\nkey").has_value() == stays);
  }
}

TEST_CASE("left body: whole, gives up its last byte so that the server is asked") {
  left_fixture f;
  f.leave("0123456789", text_of(sample_part()));
  CHECK(f.open() == 0);
  auto left = f.store->take_left("1\nkey");
  REQUIRE(left);
  CHECK(left->found == 9);
  must(left->body->recover(9));
  must(left->body->append(bytes_of("9")));
  must(f.store->place(*left->body, "1", "a", placement::fresh));
  CHECK(read_file(f.out / "1/a") == "0123456789");
}

TEST_CASE("left body: anything doubtful, is swept with its note") {
  const std::string good = text_of(sample_part());
  const struct {
    std::string what;
    std::string content;
    std::string note;
  } rows[] = {
      {"more than the whole", "01234567890", good},
      {"empty", "", good},
      {"of one byte, of which none would be asked for", "0", text_of(sample_part(1))},
      {"another start of the machine", "0123", replaced(good, storage::this_boot(), "another-boot")},
      {"garbage", "0123", "garbage"},
      {"an empty note", "0123", ""},
      {"half a note", "0123", good.substr(0, good.size() / 2)},
      {"a note that is too long", "0123", good + std::string(storage::longest_note, 'x')},
      {"another form of note", "0123", replaced(good, "partial/1", "partial/2")},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    left_fixture f;
    f.leave(r.content, r.note);
    CHECK(f.open() == 1);
    CHECK_FALSE(f.store->take_left("1\nkey"));
    CHECK(f.empty());
  }
}

TEST_CASE("left body: links, other kinds of file and a second name, are never opened or written to") {
  const std::string good = text_of(sample_part());
  left_fixture f;
  const fs::path outside = f.dir / "outside";
  write_file(outside, "0123");
  write_file(f.dir / "note", good);
  SUBCASE("the body is a link") {
    fs::create_symlink(outside, f.partial / part);
    write_file(f.partial / note_file, good);
  }
  SUBCASE("the note is a link") {
    write_file(f.partial / part, "0123");
    fs::create_symlink(f.dir / "note", f.partial / note_file);
  }
  SUBCASE("the body has a second name") {
    fs::create_hard_link(outside, f.partial / part);
    write_file(f.partial / note_file, good);
  }
  SUBCASE("the body is a pipe") {
    REQUIRE(::mkfifo((f.partial / part).c_str(), 0600) == 0);
    write_file(f.partial / note_file, good);
  }
  SUBCASE("the note is a pipe") {
    write_file(f.partial / part, "0123");
    REQUIRE(::mkfifo((f.partial / note_file).c_str(), 0600) == 0);
  }
  f.open();
  CHECK_FALSE(f.store->take_left("1\nkey"));
  CHECK(read_file(outside) == "0123");
  CHECK(read_file(f.dir / "note") == good);
}

TEST_CASE("left body: swapped for a link after the sweep, is not followed") {
  left_fixture f;
  f.leave("0123", text_of(sample_part()));
  CHECK(f.open() == 0);
  write_file(f.dir / "outside", "0123");
  fs::remove(f.partial / part);
  fs::create_symlink(f.dir / "outside", f.partial / part);
  CHECK_FALSE(f.store->take_left("1\nkey"));
  CHECK(read_file(f.dir / "outside") == "0123");
}

TEST_CASE("left body: cut short between sweep and reading back, is a failure") {
  left_fixture f;
  f.leave("0123", text_of(sample_part()));
  CHECK(f.open() == 0);
  auto left = f.store->take_left("1\nkey");
  REQUIRE(left);
  must(left->body->require(digest_algorithm::sha256));
  fs::resize_file(f.partial / part, 2);
  const auto read = left->body->recover(4);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::disk);
}

TEST_CASE("left body: a week after the last byte, or before it, is swept") {
  left_fixture f;
  f.leave("0123", text_of(sample_part()));
  fs::last_write_time(f.partial / part, fs::file_time_type::clock::now() - std::chrono::hours(24 * 6));
  CHECK(f.open() == 0);
  fs::last_write_time(f.partial / part, fs::file_time_type::clock::now() - std::chrono::hours(24 * 8));
  CHECK(f.open() == 1);
  f.leave("0123", text_of(sample_part()));
  fs::last_write_time(f.partial / part, fs::file_time_type::clock::now() + std::chrono::hours(24 * 8));
  CHECK(f.open() == 1);
  CHECK(f.empty());
}

TEST_CASE("left body: nobody takes it, is dropped at the end; notes without body are swept") {
  left_fixture f;
  f.leave("0123", text_of(sample_part()));
  write_file(f.partial / "0123456789abcdef-7.note", text_of(sample_part()));
  write_file(f.partial / "0123456789abcdef-8.note.new", "half");
  write_file(f.partial / "mine.note", "precious");
  CHECK(f.open() == 0);
  CHECK_FALSE(fs::exists(f.partial / "0123456789abcdef-7.note"));
  CHECK_FALSE(fs::exists(f.partial / "0123456789abcdef-8.note.new"));
  CHECK(fs::exists(f.partial / part));
  CHECK(must(f.store->drop_left()) == 1);
  CHECK_FALSE(f.store->take_left("1\nkey"));
  CHECK_FALSE(fs::exists(f.partial / part));
  CHECK_FALSE(fs::exists(f.partial / note_file));
  CHECK(read_file(f.partial / "mine.note") == "precious");
}

TEST_CASE("left body: two under one name, one stays") {
  left_fixture f;
  f.leave("0123", text_of(sample_part()));
  write_file(f.partial / "0123456789abcdef-1.part", "01234");
  write_file(f.partial / "0123456789abcdef-1.note", text_of(sample_part()));
  CHECK(f.open() == 1);
  CHECK(f.store->take_left("1\nkey"));
  CHECK_FALSE(f.store->take_left("1\nkey"));
}

TEST_CASE("left body: a note that cannot be removed, is not left beside other bytes") {
  left_fixture f;
  f.leave("0123", text_of(sample_part()));
  CHECK(f.open() == 0);
  auto left = f.store->take_left("1\nkey");
  REQUIRE(left);
  must(left->body->recover(4));
  // A folder in its place cannot be unlinked, whoever runs the test.
  fs::remove(f.partial / note_file);
  fs::create_directory(f.partial / note_file);
  CHECK_FALSE(left->body->rewind());
  CHECK(read_file(f.partial / part) == "0123");
}
