#include "http/content_decoder.hpp"

#include "collector.hpp"
#include "support/results.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using test::bytes_of;
using test::collector;

constexpr int gzip = 15 + 16;
constexpr int zlib = 15;
constexpr int raw = -15;

std::string packed(std::string_view text, int window) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// What comes out, or the word of the failure.
std::string unpacked(content_coding coding, std::string_view bytes, std::size_t piece = 1 << 20,
                     std::size_t limit = 1 << 24) {
  content_decoder decoder;
  decoder.start(coding);
  collector out(limit);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    auto step = decoder.decode(bytes_of(bytes.substr(0, piece)), out);
    if (!step) return code_word(step.error());
  }
  auto end = decoder.finish();
  return end ? out.text : code_word(end.error());
}

std::string sample() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919);
  return text;
}

TEST_CASE("content decoder: whole bodies in every format, in pieces of any size") {
  const std::string text = sample();
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}, std::size_t{1} << 20}) {
    CAPTURE(piece);
    CHECK(unpacked(content_coding::gzip, packed(text, gzip), piece) == text);
    CHECK(unpacked(content_coding::deflate, packed(text, zlib), piece) == text);
    CHECK(unpacked(content_coding::deflate, packed(text, raw), piece) == text);
  }
  CHECK(unpacked(content_coding::gzip, packed("", gzip)).empty());
  CHECK(unpacked(content_coding::deflate, packed("", raw)).empty());
  CHECK(unpacked(content_coding::deflate, packed("", zlib)).empty());
}

TEST_CASE("content decoder: several gzip members are one body (RFC 1952 2.2)") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1} << 20}) {
    CAPTURE(piece);
    CHECK(unpacked(content_coding::gzip, packed("one ", gzip) + packed("two", gzip), piece) == "one two");
  }
}

TEST_CASE("content decoder: every way of being broken") {
  const std::string good = packed(sample(), gzip);
  const std::string good_zlib = packed(sample(), zlib);
  std::string bad_crc = good;
  bad_crc[bad_crc.size() - 8] = static_cast<char>(bad_crc[bad_crc.size() - 8] ^ 1);
  std::string bad_length = good;
  bad_length[bad_length.size() - 1] = static_cast<char>(bad_length[bad_length.size() - 1] ^ 1);
  std::string bad_adler = good_zlib;
  bad_adler.back() = static_cast<char>(bad_adler.back() ^ 1);
  struct row {
    std::string_view what;
    content_coding coding;
    std::string bytes;
    std::string_view expected;
  };
  const std::vector<row> rows{
      {"gzip cut in the data", content_coding::gzip, good.substr(0, good.size() / 2), "truncated"},
      {"gzip cut in the trailer", content_coding::gzip, good.substr(0, good.size() - 1), "truncated"},
      {"gzip cut in the header", content_coding::gzip, good.substr(0, 5), "truncated"},
      {"gzip check sum", content_coding::gzip, bad_crc, "digest_mismatch"},
      {"gzip length", content_coding::gzip, bad_length, "digest_mismatch"},
      {"zlib check sum", content_coding::deflate, bad_adler, "digest_mismatch"},
      {"no gzip at all", content_coding::gzip, "<html>not packed</html>", "protocol"},
      {"second member cut", content_coding::gzip, good + good.substr(0, 20), "truncated"},
      {"a member that is none", content_coding::gzip, good + "\x1f rubbish", "protocol"},
      {"rubbish after raw deflate", content_coding::deflate, packed(sample(), raw) + "x", "protocol"},
      {"zlib cut", content_coding::deflate, good_zlib.substr(0, 100), "truncated"},
      {"deflate, one byte", content_coding::deflate, "x", "truncated"},
      {"no deflate at all", content_coding::deflate, "\xff\xff\xff\xff\xff\xff", "protocol"},
  };
  for (const row& r : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1} << 20}) {
      CAPTURE(r.what);
      CAPTURE(piece);
      CHECK(unpacked(r.coding, r.bytes, piece) == r.expected);
    }
}

TEST_CASE("content decoder: a bomb ends where its consumer says so") {
  const std::string bomb = packed(std::string(64U << 20, '\0'), gzip);
  REQUIRE(bomb.size() < (1U << 20));
  CHECK(unpacked(content_coding::gzip, bomb, 1 << 20, 1 << 20) == "too_large");
}

TEST_CASE("content decoder: no bytes at all are a whole body") {
  CHECK(unpacked(content_coding::gzip, "").empty());
  CHECK(unpacked(content_coding::deflate, "").empty());
}

TEST_CASE("content decoder: can be used again, also after a failure") {
  content_decoder decoder;
  for (int round = 0; round < 3; ++round) {
    decoder.start(content_coding::gzip);
    collector ignored;
    CHECK_FALSE(decoder.decode(bytes_of("rubbish rubbish rubbish"), ignored));
    decoder.start(content_coding::deflate);
    collector out;
    CHECK(decoder.decode(bytes_of(packed("text", raw)), out));
    CHECK(decoder.finish());
    CHECK(out.text == "text");
  }
}

TEST_CASE("content decoder: bytes behind an end whose check sum held are passed over, and counted") {
  const std::string good = packed("text", gzip);
  const std::string good_zlib = packed("text", zlib);
  struct row {
    std::string_view what;
    content_coding coding;
    std::string bytes;
    std::uint64_t passed_over;
  };
  const std::vector<row> rows{
      {"nothing", content_coding::gzip, good, 0},
      {"words", content_coding::gzip, good + "rubbish", 7},
      {"zeros, as a tape has them", content_coding::gzip, good + std::string(1000, '\0'), 1000},
      {"a line end", content_coding::gzip, good + "\r\n", 2},
      {"behind two members", content_coding::gzip, packed("te", gzip) + packed("xt", gzip) + "x", 1},
      {"a member behind rubbish", content_coding::gzip, good + "x" + good, 1 + good.size()},
      {"zlib", content_coding::deflate, good_zlib + "rubbish", 7},
  };
  for (const row& r : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1} << 20}) {
      CAPTURE(r.what);
      CAPTURE(piece);
      content_decoder decoder;
      decoder.start(r.coding);
      collector out;
      for (std::string_view rest = r.bytes; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
        REQUIRE(decoder.decode(bytes_of(rest.substr(0, piece)), out));
      CHECK(decoder.finish());
      CHECK(out.text == "text");
      CHECK(decoder.passed_over() == r.passed_over);
      decoder.start(r.coding);
      CHECK(decoder.passed_over() == 0);
    }
}

}  // namespace
}  // namespace pofetch::http
