#include "service/server/access/token_file.hpp"

#include "service/server/identity.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace pofetch::service;
using pofetch::test::temp_dir;

TEST_CASE("tokens: one that is made is the one that is found, with its scopes") {
  const auto made = make_token("erp", "submit,metrics");
  const auto other = make_token("page", "read");
  REQUIRE(made.has_value());
  REQUIRE(other.has_value());
  CHECK(made->text.size() == 43);
  CHECK(made->line.find(made->text) == std::string::npos);
  const auto all = read_tokens("# comment\n\n" + made->line + "\r\n  " + other->line + "  \n");
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  const token* const found = find_token(*all, made->text);
  REQUIRE(found != nullptr);
  CHECK(found->name == "erp");
  CHECK(allows(*found, scope::none));
  CHECK(allows(*found, scope::read));
  CHECK(allows(*found, scope::submit));
  CHECK(allows(*found, scope::metrics));
  CHECK_FALSE(allows(*found, scope::admin));
  CHECK(find_token(*all, made->text + "x") == nullptr);
  CHECK(find_token(*all, "") == nullptr);
}

TEST_CASE("tokens: scopes do not contain each other, but who submits or is an administrator may read") {
  const auto with = [](const char* scopes) {
    const auto made = make_token("a", scopes);
    REQUIRE(made.has_value());
    return read_tokens(made->line)->front();
  };
  CHECK(allows(with("read"), scope::read));
  CHECK_FALSE(allows(with("read"), scope::submit));
  CHECK_FALSE(allows(with("read"), scope::metrics));
  CHECK_FALSE(allows(with("metrics"), scope::read));
  CHECK(allows(with("admin"), scope::read));
  CHECK_FALSE(allows(with("admin"), scope::submit));
  CHECK_FALSE(allows(with("admin"), scope::metrics));
}

TEST_CASE("tokens: lines that are none are named by their number, never quoted") {
  const std::string hex(64, 'a');
  for (const std::string& bad : std::vector<std::string>{
           "a read", "a read sha256:" + hex + " more", "a write sha256:" + hex, "a read, sha256:" + hex,
           "a read sha256:" + hex.substr(1), "a read sha512:" + hex, "a/b read sha256:" + hex, "geheim"}) {
    CAPTURE(bad);
    const auto read = read_tokens("# x\n" + bad);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message.find("line 2") != std::string::npos);
    CHECK(read.error().message.find("geheim") == std::string::npos);
  }
  CHECK_FALSE(make_token("a b", "read").has_value());
  CHECK_FALSE(make_token("", "read").has_value());
  CHECK_FALSE(make_token("a", "").has_value());
  CHECK_FALSE(make_token("a", "all").has_value());
}

TEST_CASE("tokens: a file that others may write is refused, one that they may read gets a warning") {
  const temp_dir folder;
  const std::string file = folder.file("tokens", make_token("a", "read")->line + "\n");
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
  REQUIRE(load_tokens(file).has_value());
  CHECK(load_tokens(file)->warning.empty());
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  CHECK_FALSE(load_tokens(file)->warning.empty());
  for (const mode_t mode : {0620U, 0602U}) {
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    CHECK_FALSE(load_tokens(file).has_value());
  }
  CHECK_FALSE(load_tokens(folder / "none").has_value());
}

TEST_CASE("batch ids: sorted by time, never twice") {
  const auto now = std::chrono::system_clock::time_point(std::chrono::milliseconds{1'800'000'000'000});
  const std::string first = new_batch_id(now);
  CHECK(first.size() == 26);
  CHECK(is_batch_id(first));
  CHECK_FALSE(is_batch_id(first + "0"));
  CHECK_FALSE(is_batch_id("../../../../../../../../.."));
  CHECK(new_batch_id(now + std::chrono::milliseconds{1}) > first);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(new_batch_id(now));
  CHECK(seen.size() == 1000);
}
