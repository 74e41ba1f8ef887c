#include "scenarios.hpp"

#include "core/encoding.hpp"
#include "storage/bodies/hasher.hpp"
#include "storage/file_store.hpp"
#include "storage/folder_probe.hpp"
#include "store_fixture.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace fs = std::filesystem;

namespace pofetch::test {
namespace {

using storage::file_store;

/// A failure on its way out of a scenario.
struct told {
  failure why;
};

template <class T>
T value(result<T> outcome) {
  if (!outcome) throw told{outcome.error()};
  return std::move(*outcome);
}

void value(const result<void>& outcome) {
  if (!outcome) throw told{outcome.error()};
}

/// Storage said something that is not so.
void sure(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

std::string sha256_of(std::string_view text) {
  auto digest = value(storage::hasher::make(digest_algorithm::sha256));
  value(digest.update(bytes_of(text)));
  return core::to_hex(digest.digest());
}

std::unique_ptr<partial_file> body_of(file_store& store, std::string_view text) {
  auto body = value(store.create());
  value(body->append(bytes_of("of another version")));
  value(body->rewind());
  value(body->append(bytes_of(text.substr(0, 100))));
  value(body->require(digest_algorithm::sha256));
  value(body->append(bytes_of(text.substr(100))));
  sure(value(body->head(1500)) == text.substr(0, 1500), "head");
  sure(core::to_hex(body->digest(digest_algorithm::sha256)) == sha256_of(text), "digest");
  return body;
}

void a_batch(const stage& at) {
  const auto store = value(file_store::open(at.out / "", durability::file, true));
  value(store->lock());
  const auto first = body_of(*store, one);
  const auto second = body_of(*store, two);
  const std::array<partial_file*, 2> both{first.get(), second.get()};
  value(store->sync(both));
  const std::string folder = "Acme/" + at.order;
  value(store->place(*first, folder, "a.txt", placement::fresh));
  value(store->place(*second, folder, "b.txt", placement::fresh));
  value(store->sync({}));
  const auto better = body_of(*store, one);
  const std::array<partial_file*, 1> third{better.get()};
  value(store->sync(third));
  const file_facts facts = value(store->place(*better, folder, "b.txt", placement::replace));
  value(store->sync({}));
  sure(value(store->stat(folder, "b.txt")).mtime_ns == facts.mtime_ns, "stat");
  sure(value(store->sha256(folder, "b.txt", {})) == sha256_of(one), "sha256");
  sure(value(store->list(folder)).size() == 2 || !at.calm, "list");
  sure(value(store->is_taken(folder)) || !at.calm, "is_taken");
  value(store->rename_folder(folder, folder + "_DONE"));
  value(store->sync({}));
}

void check_batch(const stage& at) {
  CHECK(read_file(at.out / "Acme" / (at.order + "_DONE") / "a.txt") == one);
  CHECK(read_file(at.out / "Acme" / (at.order + "_DONE") / "b.txt") == one);
}

void copies(const stage& at) {
  const auto store = value(file_store::open(at.out, durability::batch, true));
  const auto first = body_of(*store, one);
  const auto second = body_of(*store, one);
  const std::vector<partial_file*> many(storage::syncfs_from, first.get());
  value(store->sync(many));
  const file_facts kept = value(store->place(*first, at.order, "a.txt", placement::fresh));
  const file_facts copy = value(store->place(*second, at.order + "b", "a.txt", placement::fresh));
  const bool linked = value(store->link_copy({at.order, "a.txt", kept}, {at.order + "b", "a.txt", copy}));
  sure(linked || !at.calm, "link_copy");
  value(store->sync({}));
}

void check_copies(const stage& at) {
  CHECK(read_file(at.out / at.order / "a.txt") == one);
  CHECK(read_file(at.out / (at.order + "b") / "a.txt") == one);
}

void leave(file_store& store, std::string_view owner) {
  const auto body = value(store.create());
  value(body->append(bytes_of(std::string_view(one).substr(0, 1000))));
  body_note note;
  note.etag = "\"v1\"";
  note.total = one.size();
  value(body->remember(owner, note));
  if (owner == "forgotten") value(body->forget());
}

void finish(file_store& store, left_body& left, const stage& at) {
  value(left.body->require(digest_algorithm::sha256));
  while (left.body->size() < left.found) value(left.body->recover(left.found - left.body->size()));
  value(left.body->append(bytes_of(std::string_view(one).substr(left.found))));
  sure(core::to_hex(left.body->digest(digest_algorithm::sha256)) == sha256_of(one), "digest");
  value(store.place(*left.body, at.order, "a.txt", placement::fresh));
}

void left_bodies(const stage& at) {
  {
    const auto before = value(file_store::open(at.out, durability::none, true));
    value(before->sweep());
    value(before->drop_left());
    for (const char* owner : {"finished", "rewound", "dropped", "forgotten"}) leave(*before, owner);
  }
  const auto store = value(file_store::open(at.out, durability::none, true));
  value(store->sweep());
  if (auto left = store->take_left("finished"))
    finish(*store, *left, at);
  else
    sure(!at.calm, "take_left");
  if (auto left = store->take_left("rewound"))
    value(left->body->rewind());
  else
    sure(!at.calm, "take_left");
  sure(value(store->drop_left()) == 1 || !at.calm, "drop_left");
}

void check_left_bodies(const stage& at) {
  const fs::path placed = at.out / at.order / "a.txt";
  CHECK((!at.calm || fs::exists(placed)));
  const auto partials = fs::directory_iterator(at.out / ".pofetch/partial");
  // The user's own is left.
  if (at.calm) CHECK(std::distance(partials, fs::directory_iterator()) == 1);
}

void two_at_once(const stage& at) {
  const auto writer = value(file_store::open(at.out, durability::none, true));
  value(writer->lock());
  const auto reader = value(file_store::open(at.out, durability::none, false));
  sure(value(reader->holder()).has_value() || !at.calm, "holder");
  sure(value(reader->list("none")).empty(), "list");
}

void probe(const stage& at) {
  const auto facts = value(storage::probe_folder(at.out / "new"));
  sure(facts.free_bytes > 0, "free_bytes");
  sure((facts.long_names && facts.where == at.out) || !at.calm, "facts");
}

void check_nothing(const stage&) {}

}  // namespace

const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all{
      {"a batch", a_batch, check_batch, false},
      {"copies", copies, check_copies, true},
      {"left bodies", left_bodies, check_left_bodies, true},
      {"two at once", two_at_once, check_nothing, false},
      {"probe", probe, check_nothing, true},
  };
  return all;
}

std::optional<failure> play(const scenario& it, const stage& at) {
  try {
    it.play(at);
  } catch (const told& failed) {
    return failed.why;
  }
  return std::nullopt;
}

}  // namespace pofetch::test
