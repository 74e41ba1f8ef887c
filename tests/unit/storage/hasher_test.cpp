#include "storage/bodies/hasher.hpp"

#include "core/encoding.hpp"
#include "store_fixture.hpp"

using namespace pofetch;
using namespace pofetch::test;
using storage::hasher;

TEST_CASE("hasher: test vectors, whole and in pieces, give the known digests") {
  struct row {
    digest_algorithm algorithm;
    const char* text;
    const char* expected;
  };
  const row rows[] = {
      // RFC 1321, A.5
      {digest_algorithm::md5, "", "d41d8cd98f00b204e9800998ecf8427e"},
      {digest_algorithm::md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      // FIPS 180: "abc"
      {digest_algorithm::sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {digest_algorithm::sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {digest_algorithm::sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {digest_algorithm::sha512, "abc",
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
  };
  for (const row& r : rows) {
    CAPTURE(r.expected);
    const std::string_view text = r.text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      auto digest = must(hasher::make(r.algorithm));
      CHECK(digest.algorithm() == r.algorithm);
      must(digest.update(bytes_of(text.substr(0, cut))));
      must(digest.update(bytes_of(text.substr(cut))));
      CHECK(core::to_hex(digest.digest()) == r.expected);
    }
  }
}

TEST_CASE("hasher: an algorithm that nobody knows, is unsupported") {
  const auto made = hasher::make(static_cast<digest_algorithm>(99));
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::unsupported);
}

TEST_CASE("hasher: asked in the middle, goes on as if it had not been") {
  auto digest = must(hasher::make(digest_algorithm::sha256));
  must(digest.update(bytes_of("a")));
  const std::string first = digest.digest();
  CHECK(digest.digest() == first);
  must(digest.update(bytes_of("bc")));
  CHECK(core::to_hex(digest.digest()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  must(digest.reset());
  must(digest.update(bytes_of("a")));
  CHECK(digest.digest() == first);
}
