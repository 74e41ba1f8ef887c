#include "support/durable_shadow.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sys/stat.h>
#include <vector>

namespace pofetch::fault {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t no_id = 0;

ino_t inode_of(const fs::path& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 ? facts.st_ino : 0;
}

std::map<ino_t, std::uint64_t> read_ids(const fs::path& store) {
  std::map<ino_t, std::uint64_t> ids;
  std::ifstream lines(store / "ids");
  ino_t inode = 0;
  std::uint64_t id = no_id;
  while (lines >> inode >> id) ids[inode] = id;
  return ids;
}

struct entry {
  std::uint64_t id = no_id;
  bool is_folder = false;
  bool operator==(const entry&) const = default;
};

using entries = std::map<std::string, entry>;

entries read_list(const fs::path& store, std::uint64_t id) {
  entries all;
  std::ifstream lines(store / (std::to_string(id) + ".list"));
  entry each;
  std::string name;
  while (lines >> each.id >> each.is_folder && lines.get() && std::getline(lines, name)) all[name] = each;
  return all;
}

std::string read_all(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

durable_shadow::durable_shadow(fs::path root, fs::path store)
    : root_(std::move(root)), store_(std::move(store)) {
  if (fs::exists(store_ / "ids")) {
    ids_ = read_ids(store_);
    for (const auto& [inode, id] : ids_) next_ = std::max(next_, id + 1);
    return;
  }
  fs::create_directories(store_);
  all_synced();
}

std::uint64_t durable_shadow::new_id(const std::string& path) {
  const ino_t inode = inode_of(path);
  const std::uint64_t id = next_++;
  ids_[inode] = id;
  std::ofstream(store_ / "ids", std::ios::app) << inode << ' ' << id << '\n';
  return id;
}

std::uint64_t durable_shadow::id_of(const std::string& path) {
  const auto known = ids_.find(inode_of(path));
  return known == ids_.end() ? new_id(path) : known->second;
}

void durable_shadow::created(const std::string& path) { new_id(path); }

void durable_shadow::keep_folder(const std::string& path, std::uint64_t id) {
  std::ofstream list(store_ / (std::to_string(id) + ".list"), std::ios::trunc);
  for (const auto& each : fs::directory_iterator(path))
    list << id_of(each.path()) << ' ' << each.is_directory() << ' ' << each.path().filename().string()
         << '\n';
}

void durable_shadow::synced(const std::string& path) {
  const std::uint64_t id = id_of(path);
  if (fs::is_directory(path)) {
    keep_folder(path, id);
  } else if (!lost_[id]) {
    fs::copy_file(path, store_ / (std::to_string(id) + ".data"), fs::copy_options::overwrite_existing);
  }
}

void durable_shadow::all_synced() {
  if (!fs::exists(root_)) return;
  synced(root_);
  for (const auto& each : fs::recursive_directory_iterator(root_)) synced(each.path());
}

void durable_shadow::sync_failed(const std::string& path) {
  if (fs::is_regular_file(path)) lost_[id_of(path)] = true;
}

void durable_shadow::all_failed() {
  for (const auto& each : fs::recursive_directory_iterator(root_)) {
    if (!each.is_regular_file()) continue;
    const fs::path stable = store_ / (std::to_string(id_of(each.path())) + ".data");
    if (!fs::exists(stable) || read_all(stable) != read_all(each.path())) sync_failed(each.path());
  }
}

namespace {

/// Builds the folder anew beside its place.
class rebuilding {
 public:
  rebuilding(const fs::path& root, const fs::path& store, cut how, std::mt19937& random)
      : store_(store), how_(how), random_(random), ids_(read_ids(store)) {
    for (const auto& each : fs::recursive_directory_iterator(root)) remember(each.path());
    remember(root);
  }

  void folder(std::uint64_t id, const fs::path& to) {
    fs::create_directories(to);
    for (const auto& [name, each] : chosen_entries(id)) {
      if (each.is_folder) {
        folder(each.id, to / name);
      } else {
        std::ofstream(to / name, std::ios::binary) << chosen_content(each.id);
      }
    }
  }

  [[nodiscard]] std::uint64_t id_of(const fs::path& path) const {
    const auto known = ids_.find(inode_of(path));
    return known == ids_.end() ? no_id : known->second;
  }

 private:
  bool by_chance() { return how_ == cut::mixed && (random_() & 1U) != 0; }

  void remember(const fs::path& path) {
    if (const std::uint64_t id = id_of(path); id != no_id) now_[id] = path;
  }

  entries entries_now(std::uint64_t id) const {
    entries all;
    const auto place = now_.find(id);
    if (place == now_.end()) return all;
    for (const auto& each : fs::directory_iterator(place->second))
      if (const std::uint64_t inner = id_of(each.path()); inner != no_id)
        all[each.path().filename().string()] = entry{inner, each.is_directory()};
    return all;
  }

  entries chosen_entries(std::uint64_t id) {
    const entries stable = read_list(store_, id);
    const entries now = entries_now(id);
    std::set<std::string> names;
    for (const auto& each : stable) names.insert(each.first);
    for (const auto& each : now) names.insert(each.first);
    entries chosen;
    for (const std::string& name : names) {
      const entries& from = by_chance() ? now : stable;
      if (const auto found = from.find(name); found != from.end()) chosen[name] = found->second;
    }
    return chosen;
  }

  std::string chosen_content(std::uint64_t id) {
    std::string content = read_all(store_ / (std::to_string(id) + ".data"));
    const auto place = now_.find(id);
    if (how_ == cut::strict || place == now_.end()) return content;
    const std::string now = read_all(place->second);
    constexpr std::size_t page = 4096;
    if (by_chance()) content.resize(now.size(), '\0');
    const std::size_t both = std::min(content.size(), now.size());
    for (std::size_t at = 0; at < both; at += page)
      if (const std::size_t count = std::min(page, both - at); by_chance())
        content.replace(at, count, now, at, count);
    return content;
  }

  fs::path store_;
  cut how_;
  std::mt19937& random_;
  std::map<ino_t, std::uint64_t> ids_;
  std::map<std::uint64_t, fs::path> now_;
};

}  // namespace

void after_power_cut(const fs::path& root, const fs::path& store, cut how, std::mt19937& random) {
  if (!fs::exists(root)) return;
  const fs::path built = root.string() + ".built";
  {
    rebuilding all(root, store, how, random);
    all.folder(all.id_of(root), built);
  }
  fs::remove_all(root);
  fs::rename(built, root);
  fs::remove_all(store);
}

}  // namespace pofetch::fault
