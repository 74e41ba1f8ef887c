#include "lists/text/text_source.hpp"

#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

/// Gives its bytes in pieces of one size, as a pipe may, and a failure at the end if wanted.
class scripted_source final : public byte_source {
 public:
  scripted_source(std::string bytes, std::size_t piece, std::optional<failure> last = std::nullopt)
      : bytes_(std::move(bytes)), piece_(piece), last_(std::move(last)) {}

  result<std::size_t> read(std::span<char> buffer) override {
    if (at_ == bytes_.size() && last_) return *last_;
    const std::size_t count = std::min({piece_, buffer.size(), bytes_.size() - at_});
    std::copy_n(bytes_.data() + at_, count, buffer.data());
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t piece_;
  std::optional<failure> last_;
  std::size_t at_ = 0;
};

std::string read_all(text_source& from) {
  std::string all;
  std::string piece;
  for (auto more = from.read(piece); more.value(); more = from.read(piece)) all += piece;
  return all;
}

}  // namespace

TEST_CASE("text_source: more bytes than the sample, in small pieces, all of the text once") {
  std::string bytes;
  for (int i = 0; i < 30'000; ++i) bytes += "ç" + std::to_string(i);
  for (const std::size_t piece : {1000U, 65'536U}) {
    auto text = text_source::open(std::make_unique<scripted_source>(bytes, piece), "x");
    REQUIRE(text.has_value());
    CHECK(bytes.starts_with((*text)->sample()));
    CHECK((*text)->sample().size() >= sample_size - 3);
    CHECK(read_all(**text) == bytes);
  }
}

TEST_CASE("text_source: other bytes behind a sample of UTF-8, taken as Windows-1252") {
  const std::string ascii(sample_size, 'x');
  auto text = text_source::open(std::make_unique<scripted_source>(ascii + "\nS\xE3o;ç", 4096), "x");
  REQUIRE(text.has_value());
  CHECK(read_all(**text) == ascii + "\nSão;ç");
}

TEST_CASE("text_source: nothing in the input, failure input") {
  const auto text = text_source::open(std::make_unique<scripted_source>("", 1), "'x'");
  REQUIRE(text.has_error());
  CHECK(text.error().code == errc::input);
  CHECK(text.error().message.find("empty") != std::string::npos);
}

TEST_CASE("text_source: reading breaks off, that failure") {
  const failure broken = make_failure(errc::input, "broken");
  const auto text = text_source::open(std::make_unique<scripted_source>("abc", 1, broken), "x");
  REQUIRE(text.has_error());
  CHECK(text.error().message == "broken");

  auto later = text_source::open(
      std::make_unique<scripted_source>(std::string(sample_size + 1, 'x'), 4096, broken), "x");
  REQUIRE(later.has_value());
  std::string piece;
  CHECK((*later)->read(piece).value());
  CHECK((*later)->read(piece).value());
  const auto end = (*later)->read(piece);
  REQUIRE(end.has_error());
  CHECK(end.error().message == "broken");
}

TEST_CASE("byte_source: what is no readable file, failure input that says why") {
  const test::temp_dir folder;
  const std::string secret = folder.file("secret.csv", "po\n1\n");
  ::chmod(secret.c_str(), 0);
  struct {
    std::string input;
    const char* said;
  } const cases[] = {
      {(folder.path() / "none.csv").string(), "there is no such file"},
      {(folder.path() / "secret.csv" / "x").string(), "there is no such file"},
      {folder.path().string(), "it is a folder"},
      {"", "No input"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.input);
    const auto opened = open_byte_source(one.input);
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == errc::input);
    CHECK(opened.error().message.find(one.said) != std::string::npos);
  }
  if (::geteuid() != 0) {
    const auto opened = open_byte_source(secret);
    REQUIRE(opened.has_error());
    CHECK(opened.error().message.find("may not read it") != std::string::npos);
  }
}

TEST_CASE("byte_source: a file, its bytes") {
  const test::temp_dir folder;
  auto opened = open_byte_source(folder.file("a.txt", "PO1\n"));
  REQUIRE(opened.has_value());
  auto text = text_source::open(std::move(*opened), "x");
  REQUIRE(text.has_value());
  CHECK(read_all(**text) == "PO1\n");
}

TEST_CASE("display_name: standard input and files, as messages call them") {
  CHECK(display_name("-") == "standard input");
  CHECK(display_name("a.csv") == "'a.csv'");
}

TEST_CASE("text_source: the mark at the end of a file is no text, one in the middle is") {
  struct end_case {
    std::string bytes;
    std::string text;
  };
  const std::string zeros(100, '\0');
  for (const end_case& one : {end_case{"a\nb\n\x1A", "a\nb\n"},
                              {"a\nb\x1A", "a\nb"},
                              {"a\r\n\x1A\r\n", "a\r\n"},
                              {"a\n\x1A\x1A \x1A\n\n", "a\n"},
                              {"a\n \x1A", "a\n "},
                              {"\x1A", ""},
                              {"a\x1A\nb\n", "a\x1A\nb\n"},
                              {"a\n\x1A\nb\x1A", "a\n\x1A\nb"},
                              {"a\n\x1A" + zeros, "a\n"},
                              {"a\n\x1A" + zeros + "\r\n\x1A" + zeros, "a\n"},
                              {"a\x1A\uFFFD", "a"},
                              {"a\uFFFD", "a\uFFFD"},
                              {"a\n\n \n", "a\n\n \n"}}) {
    CAPTURE(one.bytes);
    auto whole = text_source::open(std::make_unique<scripted_source>(one.bytes, 1000), "x");
    REQUIRE(whole.has_value());
    CHECK(read_all(**whole) == one.text);
    // Behind the sample, in pieces that part it anywhere.
    const std::string front(sample_size, 'x');
    for (const std::size_t piece : {sample_size, sample_size / 2, std::size_t{1}}) {
      auto text = text_source::open(std::make_unique<scripted_source>(front + one.bytes, piece), "x");
      REQUIRE(text.has_value());
      CHECK(read_all(**text) == front + one.text);
    }
  }
  auto many = text_source::open(
      std::make_unique<scripted_source>("a\n" + std::string(1'000'000, '\x1A'), 7'000), "x");
  REQUIRE(many.has_value());
  CHECK(read_all(**many).starts_with("a\n"));
}
