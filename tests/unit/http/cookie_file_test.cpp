#include "http/cookie_file.hpp"

#include "http/cookie_text.hpp"
#include "os/file_rights.hpp"
#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::http {
namespace {

using test::must;

int mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return static_cast<int>(facts.st_mode & 07777U);
}

long files_in(const std::filesystem::path& folder) {
  return static_cast<long>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST_CASE("cookie file: read, renewed, written back with mode 0600, whatever mode and form it had") {
  const test::temp_dir folder;
  const auto path = folder / "cookies.json";
  test::write_file(path, R"([{"name":"s","value":"old","domain":"a.b","secure":true}])");
  std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0644));
  const auto file = must(read_cookie_file(path));
  auto cookies = file.read.cookies;
  cookies.front().value = "new";
  must(write_cookie_file(path, renewed_cookie_text(file.text, cookies)));
  CHECK(mode_of(path) == 0600);
  CHECK(must(read_cookie_file(path)).read.cookies == cookies);
  CHECK(test::read_file(path) == R"([{"name":"s","value":"new","domain":"a.b","secure":true}])");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("cookie file: UTF-16 with its mark is read, and written back as UTF-8") {
  const test::temp_dir folder;
  const auto path = folder / "cookies.txt";
  for (const bool little : {true, false}) {
    CAPTURE(little);
    std::string wide = little ? "\xFF\xFE" : "\xFE\xFF";
    for (const char c : std::string_view("# x\r\na.b\tTRUE\t/\tTRUE\t0\ts\told\r\n"))
      wide += little ? std::string{c, '\0'} : std::string{'\0', c};
    test::write_file(path, wide);
    const auto file = must(read_cookie_file(path));
    auto cookies = file.read.cookies;
    REQUIRE(cookies.size() == 1);
    CHECK(cookies.front().value == "old");
    cookies.front().value = "new";
    must(write_cookie_file(path, renewed_cookie_text(file.text, cookies)));
    CHECK(test::read_file(path) == "# x\r\n.a.b\tTRUE\t/\tTRUE\t0\ts\tnew\r\n");
  }
}

TEST_CASE("cookie file: a symbolic link stays one") {
  const test::temp_dir folder;
  test::write_file(folder / "real", "a.b\tTRUE\t/\tTRUE\t0\ts\told\n");
  std::filesystem::create_symlink(folder / "real", folder / "link");
  must(write_cookie_file(folder / "link", "a.b\tTRUE\t/\tTRUE\t0\ts\tnew\n"));
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(test::read_file(folder / "real").find("new") != std::string::npos);
}

TEST_CASE("cookie file: a link that another user made is replaced, and what it names stays") {
  const test::temp_dir folder;
  test::write_file(folder / "victim", "precious");
  std::filesystem::create_symlink(folder / "victim", folder / "cookies.txt");
  constexpr unsigned somebody = 65534;
  if (::lchown((folder / "cookies.txt").c_str(), somebody, somebody) != 0) {
    MESSAGE("only root can give a link away: not tried");
    return;
  }
  REQUIRE(write_cookie_file(folder / "cookies.txt", {}));
  CHECK(test::read_file(folder / "victim") == "precious");
  CHECK_FALSE(std::filesystem::is_symlink(folder / "cookies.txt"));
}

TEST_CASE("cookie file: what cannot be read is a config failure that names the file") {
  const test::temp_dir folder;
  for (const auto& path : {folder / "missing", folder.path()}) {
    const auto read = read_cookie_file(path);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::config);
    CHECK(read.error().message.find(path.string()) != std::string::npos);
  }
  test::write_file(folder / "huge", std::string(max_cookie_file_bytes + 1, '#'));
  CHECK(read_cookie_file(folder / "huge").error().message.find("larger than 4 MiB") != std::string::npos);
}

TEST_CASE("cookie file: a failed write leaves the old file and nothing else") {
  const test::temp_dir folder;
  std::filesystem::create_directory(folder / "taken");
  test::write_file(folder / "taken/inside", "x");
  const auto written = write_cookie_file(folder / "taken", {});
  REQUIRE_FALSE(written);
  CHECK(kind_of(written.error().code) == error_kind::machine);
  CHECK(files_in(folder.path()) == 1);
  CHECK(write_cookie_file(folder / "no/such/folder/x", {}).error().code == errc::disk);
}

TEST_CASE("cookie file: a warning if nothing in it would be sent to the instance, with the reason") {
  const auto now = std::chrono::system_clock::time_point(std::chrono::hours(24 * 20'000));
  const core::origin instance{"https", "acme.coupahost.com", 443};
  const auto made = [](std::string domain, bool host_only,
                       std::optional<std::chrono::system_clock::time_point> end) {
    cookie c;
    c.name = "s";
    c.value = "SECRET";
    c.domain = std::move(domain);
    c.host_only = host_only;
    c.expires = end;
    return c;
  };
  struct row {
    std::vector<cookie> cookies;
    std::string_view words;
  };
  const std::vector<row> rows{
      {{made("acme.coupahost.com", true, std::nullopt)}, ""},
      {{made("coupahost.com", false, now + std::chrono::hours(1)), made("x.y", true, now)}, ""},
      {{made("acme.coupahost.com", true, now - std::chrono::hours(50))},
       "have expired, the last one 2 days ago"},
      {{made("acme.coupahost.com", true, now), made("x.y", true, std::nullopt)},
       "have expired, the last one today"},
      {{made("other.coupahost.com", false, std::nullopt), made("coupahost.com", true, std::nullopt)},
       "there is no cookie for acme.coupahost.com in c.txt, only for coupahost.com, other.coupahost.com"},
  };
  for (const row& r : rows) {
    CAPTURE(r.words);
    const auto said = warn_if_useless("c.txt", r.cookies, instance, now);
    CHECK(said.has_value() == !r.words.empty());
    if (said) CHECK_MESSAGE(said->find(r.words) != std::string::npos, *said);
    if (said) CHECK(said->find("SECRET") == std::string::npos);
  }
}

TEST_CASE("cookie file: a warning if others may read it") {
  const test::temp_dir folder;
  const auto path = folder / "c";
  test::write_file(path, "x");
  struct row {
    int mode;
    bool warns;
  };
  for (const row& r :
       {row{0600, false}, row{0400, false}, row{0640, true}, row{0604, true}, row{0644, true}}) {
    CAPTURE(r.mode);
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(r.mode));
    CHECK(os::warn_if_readable_by_others("file", path).has_value() == r.warns);
  }
  CHECK_FALSE(os::warn_if_readable_by_others("file", folder / "missing"));
}

}  // namespace
}  // namespace pofetch::http
