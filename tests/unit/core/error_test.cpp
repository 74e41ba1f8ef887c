#include <pofetch/error.hpp>

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>

using namespace pofetch;

TEST_CASE("error: every code has its word and comes back from it") {
  std::set<std::string> words;
  for (int i = 0; i <= static_cast<int>(errc::internal); ++i) {
    failure f = make_failure(static_cast<errc>(i), "m");
    if (f.code == errc::http_status) f.http_status = 404;
    const std::string word = code_word(f);
    CAPTURE(word);
    CHECK(words.insert(word).second);
    CHECK(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos);
    const failure back = failure_from_word(word, "n");
    CHECK(back.code == f.code);
    CHECK(back.message == "n");
    CHECK_FALSE(to_string(kind_of(f.code)).empty());
  }
  CHECK(words.count("http_404") == 1);
}

TEST_CASE("error: words with a status") {
  CHECK(failure_from_word("http_503", "").http_status == 503);
  CHECK(failure_from_word("rate_limited", "").http_status == 429);
  CHECK(failure_from_word("timeout", "").http_status == 0);
  CHECK(to_string(errc::http_status) == "http");
}

TEST_CASE("error: unknown words, internal") {
  for (const auto* word :
       {"", "http", "http_", "http_x", "http_40x", "http_-1", "http_99999999999", "Timeout", "nonsense"}) {
    CAPTURE(word);
    CHECK(failure_from_word(word, "m").code == errc::internal);
  }
}

TEST_CASE("error: kinds") {
  CHECK(kind_of(errc::timeout) == error_kind::network);
  CHECK(kind_of(errc::http_status) == error_kind::remote);
  CHECK(kind_of(errc::digest_mismatch) == error_kind::content);
  CHECK(kind_of(errc::tls) == error_kind::security);
  CHECK(kind_of(errc::session_expired) == error_kind::session);
  CHECK(kind_of(errc::disk_full) == error_kind::machine);
  CHECK(kind_of(errc::config) == error_kind::usage);
  CHECK(kind_of(errc::cancelled) == error_kind::cancelled);
  CHECK(kind_of(errc::exists) == error_kind::content);
}

TEST_CASE("error: value of a failed result, throws with word and message") {
  const result<int> failed = make_failure(errc::timeout, "no byte for 30 s");
  try {
    (void)failed.value();
    FAIL("must throw");
  } catch (const std::runtime_error& e) {
    CHECK(std::string(e.what()).find("timeout: no byte for 30 s") == 0);
  }
}
