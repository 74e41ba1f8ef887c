#include "storage/bodies/part_file.hpp"

#include "core/encoding.hpp"
#include "store_fixture.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;

namespace {

constexpr const char* sha256_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string sha256_of(const partial_file& body) {
  return core::to_hex(body.digest(digest_algorithm::sha256));
}

}  // namespace

TEST_CASE("body: written in pieces, has their sum as size, head and digest") {
  store_fixture fixture;
  auto body = must(fixture.store->create());
  CHECK(body->size() == 0);
  CHECK(must(body->head(10)).empty());
  must(body->require(digest_algorithm::sha256));
  must(body->append(bytes_of("a")));
  must(body->append({}));
  must(body->append(bytes_of("bc")));
  CHECK(body->size() == 3);
  CHECK(must(body->head(2)) == "ab");
  CHECK(must(body->head(100)) == "abc");
  CHECK(sha256_of(*body) == sha256_of_abc);
  CHECK(body->digest(digest_algorithm::md5).empty());
}

TEST_CASE("body: a digest required late or twice, counts all bytes once") {
  store_fixture fixture;
  auto body = must(fixture.store->create());
  const std::string large(200'000, 'x');
  must(body->append(bytes_of(large)));
  must(body->require(digest_algorithm::md5));
  must(body->require(digest_algorithm::sha512));
  must(body->require(digest_algorithm::sha512));
  must(body->append(bytes_of("tail")));
  auto expected = must(storage::hasher::make(digest_algorithm::sha512));
  must(expected.update(bytes_of(large + "tail")));
  CHECK(body->digest(digest_algorithm::sha512) == expected.digest());
}

TEST_CASE("body: rewound, is as new, digests included") {
  store_fixture fixture;
  auto body = must(fixture.store->create());
  must(body->require(digest_algorithm::sha256));
  must(body->append(bytes_of("something longer than what follows")));
  must(body->rewind());
  CHECK(body->size() == 0);
  must(body->append(bytes_of("abc")));
  CHECK(sha256_of(*body) == sha256_of_abc);
  must(fixture.store->place(*body, "1", "a.txt", placement::fresh));
  CHECK(read_file(fixture.out / "1/a.txt") == "abc");
}

TEST_CASE("body: dropped, leaves nothing; placed, stays") {
  store_fixture fixture;
  {
    auto dropped = fixture.body("x");
    CHECK(fixture.partials() == 1);
  }
  CHECK(fixture.partials() == 0);
  {
    auto placed = fixture.body("y");
    must(fixture.store->place(*placed, "1", "y", placement::fresh));
    CHECK(fixture.partials() == 0);
  }
  CHECK(read_file(fixture.out / "1/y") == "y");
}

TEST_CASE("body: outlives its store") {
  store_fixture fixture;
  auto body = fixture.body("ab");
  fixture.store.reset();
  CHECK(body->append(bytes_of("c")));
  body.reset();
  CHECK(fixture.partials() == 0);
}

TEST_CASE("body: larger than the system allows, fails with disk and is whole up to there") {
  store_fixture fixture;
  // The limit holds for a whole process, so one of its own tries.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{5000, 5000};
    auto body = fixture.store->create();
    if (!body || !(*body)->require(digest_algorithm::sha256)) ::_exit(2);
    if (!(*body)->append(bytes_of("abc")) || ::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(3);
    const auto written = (*body)->append(bytes_of(std::string(10'000, 'x')));
    if (written || written.error().code != errc::disk) ::_exit(4);
    if (written.error().message.find("larger than this system allows") == std::string::npos) ::_exit(5);
    if ((*body)->size() != 3 || sha256_of(**body) != sha256_of_abc) ::_exit(6);
    // What half the call wrote is overwritten by the next.
    if (!(*body)->rewind() || !(*body)->append(bytes_of("abc"))) ::_exit(7);
    if (*(*body)->head(10) != "abc" || sha256_of(**body) != sha256_of_abc) ::_exit(8);
    body->reset();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(fixture.partials() == 0);
}

TEST_CASE("body: failed append, is overwritten by the next one") {
  store_fixture fixture;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto body = fixture.store->create();
    if (!body || !(*body)->append(bytes_of("abc"))) ::_exit(2);
    const rlimit small{1000, 100'000};
    const rlimit large{100'000, 100'000};
    if (::setrlimit(RLIMIT_FSIZE, &small) != 0) ::_exit(3);
    if ((*body)->append(bytes_of(std::string(10'000, 'x')))) ::_exit(4);
    if (::setrlimit(RLIMIT_FSIZE, &large) != 0) ::_exit(5);
    if (!(*body)->append(bytes_of(std::string(2'000, 'y')))) ::_exit(6);
    ::_exit(*(*body)->head(5'000) == "abc" + std::string(2'000, 'y') ? 0 : 7);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("body: private area deleted by somebody, is a failure and no crash") {
  store_fixture fixture;
  auto body = fixture.body("abc");
  std::filesystem::remove_all(fixture.out / ".pofetch/partial");
  CHECK_FALSE(fixture.store->create());
  CHECK_FALSE(fixture.store->place(*body, "1", "a", placement::fresh));
  CHECK_FALSE(std::filesystem::exists(fixture.out / "1/a"));
}
