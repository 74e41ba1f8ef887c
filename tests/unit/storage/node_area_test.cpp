#include "storage/file_store.hpp"
#include "store_fixture.hpp"

using namespace pofetch;
using namespace pofetch::test;
using storage::file_store;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<file_store> node_in(const fs::path& dir, const std::string& node,
                                    const std::string& batch = "batch") {
  return must(file_store::open_as_node(dir, durability::none, node, batch));
}

std::unique_ptr<partial_file> body_in(file_store& store) {
  auto body = must(store.create());
  must(body->append(bytes_of("abc")));
  return body;
}

}  // namespace

TEST_CASE("nodes: each has a folder of its own for bodies, and they place beside each other") {
  temp_dir dir;
  auto first = node_in(dir.path(), "1");
  auto second = node_in(dir.path(), "2");
  auto mine = body_in(*first);
  auto other = body_in(*second);
  CHECK_FALSE(fs::is_empty(dir / ".pofetch/partial/1"));
  CHECK_FALSE(fs::is_empty(dir / ".pofetch/partial/2"));
  must(first->place(*mine, "7", "a.txt", placement::fresh));
  must(second->place(*other, "7", "b.txt", placement::fresh));
  CHECK(read_file(dir / "7/a.txt") == "abc");
  CHECK(read_file(dir / "7/b.txt") == "abc");
}

TEST_CASE("nodes: whose folder was taken away places nothing more, and makes nothing") {
  temp_dir dir;
  auto dead = node_in(dir.path(), "1");
  auto rescuer = node_in(dir.path(), "2");
  auto body = body_in(*dead);
  must(rescuer->revoke("1"));
  must(rescuer->revoke("1"));  // as a second rescuer would
  CHECK_FALSE(fs::exists(dir / ".pofetch/partial/1"));
  CHECK_FALSE(dead->place(*body, "7", "a.txt", placement::fresh));
  CHECK_FALSE(dead->create());
  CHECK_FALSE(fs::exists(dir / "7/a.txt"));
  auto mine = body_in(*rescuer);
  must(rescuer->place(*mine, "7", "a.txt", placement::fresh));
}

TEST_CASE("nodes: a folder is one batch's, and no run with a ledger of its own works beside them") {
  temp_dir dir;
  auto node = node_in(dir.path(), "1");
  auto alone = must(file_store::open(dir.path(), durability::none, true));
  REQUIRE_FALSE(alone->lock());
  CHECK(alone->lock().error().code == errc::locked);
  const auto other = file_store::open_as_node(dir.path(), durability::none, "2", "another");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == errc::config);
  node.reset();
  REQUIRE_FALSE(alone->lock());
  CHECK(alone->lock().error().code == errc::config);

  temp_dir old;
  fs::create_directories(old / ".pofetch");
  write_file(old / ".pofetch/ledger.db", "");
  const auto refused = file_store::open_as_node(old.path(), durability::none, "1", "batch");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::config);
}
