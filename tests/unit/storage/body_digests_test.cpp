#include "storage/bodies/body_digests.hpp"

#include "store_fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <random>

using namespace pofetch;
using namespace pofetch::test;
using storage::body_digests;

namespace {

constexpr std::size_t piece = 64U << 10U;

std::string random_text(std::size_t size) {
  std::mt19937_64 numbers(17);
  std::string text(size, '\0');
  for (std::size_t i = 0; i + sizeof(std::uint64_t) <= size; i += sizeof(std::uint64_t)) {
    const std::uint64_t number = numbers();
    std::copy_n(reinterpret_cast<const char*>(&number), sizeof number, text.data() + i);
  }
  return text;
}

std::string expected(digest_algorithm algorithm, std::string_view text) {
  auto digest = must(storage::hasher::make(algorithm));
  must(digest.update(bytes_of(text)));
  return digest.digest();
}

void append_in_pieces(partial_file& body, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at += piece) must(body.append(bytes_of(text.substr(at, piece))));
}

/// Of more than waits for the other thread.
const std::string& large() {
  static const std::string text =
      random_text(body_digests::large_from + 2 * body_digests::most_behind + 12'345);
  return text;
}

struct hashing_fixture : store_fixture {
  std::unique_ptr<partial_file> large_body() {
    auto body = must(store->create());
    must(body->require(digest_algorithm::sha256));
    append_in_pieces(*body, large());
    return body;
  }
};

}  // namespace

TEST_CASE("digests: of a large body, are the same whether the other thread has time or never") {
  hashing_fixture fixture;
  boost::asio::thread_pool other(1);
  boost::asio::io_context never;
  const boost::asio::any_io_executor none;
  for (const boost::asio::any_io_executor& where : {none, boost::asio::any_io_executor(other.get_executor()),
                                                    boost::asio::any_io_executor(never.get_executor())}) {
    fixture.store->hash_beside(where);
    auto body = fixture.large_body();
    must(body->require(digest_algorithm::md5));
    must(body->append(bytes_of("tail")));
    CHECK(body->digest(digest_algorithm::sha256) == expected(digest_algorithm::sha256, large() + "tail"));
    CHECK(body->digest(digest_algorithm::md5) == expected(digest_algorithm::md5, large() + "tail"));
    CHECK(body->digest(digest_algorithm::sha512).empty());
  }
}

TEST_CASE("digests: the other thread reads a large body, not its owner") {
  store_fixture fixture;
  boost::asio::io_context other;
  fixture.store->hash_beside(other.get_executor());
  auto body = must(fixture.store->create());
  must(body->require(digest_algorithm::sha256));
  const std::string_view some = std::string_view(large()).substr(0, body_digests::large_from);
  append_in_pieces(*body, some);
  CHECK(other.poll() == 0);
  other.restart();
  append_in_pieces(*body, std::string_view(large()).substr(some.size(), body_digests::stretch));
  CHECK(other.poll() == 1);
}

TEST_CASE(
    "digests: a body that is rewound or dropped while the other thread reads it, leaves nothing of it") {
  hashing_fixture fixture;
  boost::asio::thread_pool other(1);
  fixture.store->hash_beside(other.get_executor());
  for (int i = 0; i < 8; ++i) {
    auto body = fixture.large_body();
    must(body->rewind());
    must(body->append(bytes_of("abc")));
    CHECK(body->digest(digest_algorithm::sha256) == expected(digest_algorithm::sha256, "abc"));
    must(body->rewind());
    append_in_pieces(*body, large());
  }
  CHECK(fixture.partials() == 0);
}

TEST_CASE("digests: bytes that cannot be read back, are a failure and no digest") {
  hashing_fixture fixture;
  boost::asio::thread_pool other(1);
  fixture.store->hash_beside(other.get_executor());
  auto body = must(fixture.store->create());
  must(body->require(digest_algorithm::sha256));
  append_in_pieces(*body, std::string_view(large()).substr(0, body_digests::large_from + piece));
  for (const auto& file : std::filesystem::directory_iterator(fixture.out / ".pofetch/partial"))
    std::filesystem::resize_file(file.path(), 0);
  const auto told = body->require(digest_algorithm::sha256);
  REQUIRE_FALSE(told);
  CHECK(told.error().code == errc::disk);
  CHECK(body->digest(digest_algorithm::sha256).empty());
  must(body->rewind());
  must(body->append(bytes_of("abc")));
  CHECK(body->digest(digest_algorithm::sha256) == expected(digest_algorithm::sha256, "abc"));
}
