#pragma once

#include <pofetch/store.hpp>

#include <openssl/evp.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace pofetch::test {

/// An output folder in memory. Counts its operations and fails the one that a test names.
class memory_store final : public store, public folder_operations {
 public:
  struct file {
    std::string content;
    std::int64_t mtime_ns = 0;
    bool synced = false;
  };

  /// Path ("folder/name") to file.
  std::map<std::string, file> files;
  std::size_t partials = 0;   ///< alive just now
  std::size_t room = 256;     ///< what `most_bodies` says
  std::size_t longest = 255;  ///< what `longest_name` says
  bool has_folders = true;    ///< it is like a file system
  /// A body that outlived its object, as it lies in the private area.
  struct left_file {
    std::string content;
    body_note note;
  };
  std::map<std::string, left_file> left;  ///< by owner; taken ones are not in it
  std::size_t swept = 0;
  /// Every call in order: "create", "append", "sync 3", "place 7/a.pdf", "sync 0", ...
  std::vector<std::string> calls;
  /// Asked before every call; a failure that it returns is the call's result.
  std::function<std::optional<failure>(const std::string& call)> fault;
  /// Bytes that were written cannot be read back for a digest.
  bool unreadable = false;

  result<std::unique_ptr<partial_file>> create() override {
    if (auto broken = note("create")) return *broken;
    return std::unique_ptr<partial_file>(std::make_unique<body>(*this));
  }

  std::size_t most_bodies() const override { return room; }
  std::size_t longest_name() const override { return longest; }

  result<std::vector<std::string>> list(std::string_view folder) override {
    if (auto broken = note("list " + std::string(folder))) return *broken;
    return names_beneath(folder);
  }

  result<void> sync(std::span<partial_file* const> bodies) override {
    if (auto broken = note("sync " + std::to_string(bodies.size()))) return *broken;
    for (auto* each : bodies) static_cast<body*>(each)->synced = true;
    return {};
  }

  result<file_facts> place(partial_file& what, std::string_view folder, std::string_view name,
                           placement how) override {
    const std::string path = std::string(folder) + "/" + std::string(name);
    if (auto broken = note("place " + path)) return *broken;
    if (how == placement::fresh && files.count(path) != 0)
      return make_failure(errc::exists, path + " is taken");
    auto& from = static_cast<body&>(what);
    files[path] = file{from.content, ++now_, from.synced};
    from.note.reset();
    return file_facts{from.content.size(), now_};
  }

  result<file_facts> stat(std::string_view folder, std::string_view name) override {
    const auto found = files.find(std::string(folder) + "/" + std::string(name));
    if (found == files.end()) return make_failure(errc::not_found, "is not there");
    return file_facts{found->second.content.size(), found->second.mtime_ns};
  }

  result<std::string> sha256(std::string_view folder, std::string_view name,
                             const std::function<bool()>& stopped) override {
    note("sha256 " + std::string(name));
    if (stopped && stopped()) return make_failure(errc::cancelled, "stopped while it was read");
    const auto found = files.find(std::string(folder) + "/" + std::string(name));
    if (found == files.end()) return make_failure(errc::not_found, "is not there");
    return hex(digest_of(found->second.content, EVP_sha256()));
  }

  folder_operations* folders() noexcept override { return has_folders ? this : nullptr; }

  result<bool> link_copy(const placed_file& first, const placed_file& copy) override {
    const std::string from = first.folder + "/" + first.name;
    const std::string to = copy.folder + "/" + copy.name;
    if (auto broken = note("link " + to + " to " + from)) return *broken;
    const auto is = [this](const std::string& path, const file_facts& facts) {
      const auto found = files.find(path);
      return found != files.end() && found->second.content.size() == facts.size &&
             found->second.mtime_ns == facts.mtime_ns;
    };
    if (!is(from, first.facts) || !is(to, copy.facts) || first.facts.mtime_ns == copy.facts.mtime_ns)
      return false;
    files[to] = files[from];
    return true;
  }

  result<bool> is_taken(std::string_view folder) override {
    if (auto broken = note("is_taken " + std::string(folder))) return *broken;
    return !names_beneath(folder).empty();
  }

  result<void> rename_folder(std::string_view from, std::string_view to) override {
    const std::string call = "rename " + std::string(from) + " to " + std::string(to);
    if (auto broken = note(call)) return *broken;
    const auto names = names_beneath(from);
    if (names.empty()) return make_failure(errc::not_found, std::string(from) + " is not there");
    if (!names_beneath(to).empty()) return make_failure(errc::exists, std::string(to) + " is taken");
    for (const std::string& name : names) {
      auto moved = files.extract(std::string(from) + "/" + name);
      moved.key() = std::string(to) + "/" + name;
      files.insert(std::move(moved));
    }
    return {};
  }

  result<std::size_t> sweep() override {
    note("sweep");
    for (const auto& each : left) found_.insert(each.first);
    return std::exchange(swept, 0);
  }

  std::optional<left_body> take_left(std::string_view owner) override {
    if (found_.erase(std::string(owner)) == 0) return std::nullopt;
    note("take_left");
    auto taken = left.extract(std::string(owner));
    auto made = std::make_unique<body>(*this);
    const auto& facts = taken.mapped();
    made->remembered_as = owner;
    made->note = facts.note;
    made->unread = facts.content.substr(0, facts.note.total - 1);
    const std::uint64_t size = made->unread.size();
    return left_body{std::move(made), facts.note, size};
  }

  result<std::size_t> drop_left() override {
    note("drop_left");
    for (const auto& owner : found_) left.erase(owner);
    const std::size_t count = found_.size();
    found_.clear();
    return count;
  }

  static std::string sha256_of(std::string_view content) { return hex(digest_of(content, EVP_sha256())); }

 private:
  [[nodiscard]] std::vector<std::string> names_beneath(std::string_view folder) const {
    std::vector<std::string> names;
    const std::string prefix = std::string(folder) + "/";
    for (const auto& [path, content] : files)
      if (path.compare(0, prefix.size(), prefix) == 0) names.push_back(path.substr(prefix.size()));
    return names;
  }

  struct body final : partial_file {
    memory_store& owner;
    std::string content;
    bool synced = false;
    std::set<digest_algorithm> required;
    std::string remembered_as;
    std::optional<body_note> note;
    std::string unread;  ///< of an earlier run, not recovered yet

    explicit body(memory_store& s) : owner(s) { ++owner.partials; }
    body(const body&) = delete;
    body& operator=(const body&) = delete;
    ~body() override {
      --owner.partials;
      if (note) owner.left[remembered_as] = left_file{content + unread, *note};
    }

    result<void> append(std::span<const std::byte> bytes) override {
      if (auto broken = owner.note("append")) return *broken;
      content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return {};
    }
    result<void> rewind() override {
      content.clear();
      return forget();
    }
    result<void> remember(std::string_view by, const body_note& what) override {
      if (auto broken = owner.note("remember")) return *broken;
      remembered_as = by;
      note = what;
      return {};
    }
    result<void> forget() override {
      note.reset();
      unread.clear();
      return {};
    }
    result<void> recover(std::uint64_t at_most) override {
      if (auto broken = owner.note("recover")) return *broken;
      content += unread.substr(0, at_most);
      unread.erase(0, at_most);
      return {};
    }
    result<void> require(digest_algorithm algorithm) override {
      if (owner.unreadable && !content.empty()) return make_failure(errc::disk, "cannot be read back");
      required.insert(algorithm);
      return {};
    }
    std::string digest(digest_algorithm algorithm) const override {
      if (required.count(algorithm) == 0) return {};
      switch (algorithm) {
        case digest_algorithm::md5:
          return digest_of(content, EVP_md5());
        case digest_algorithm::sha1:
          return digest_of(content, EVP_sha1());
        case digest_algorithm::sha256:
          return digest_of(content, EVP_sha256());
        case digest_algorithm::sha512:
          return digest_of(content, EVP_sha512());
      }
      return {};
    }
    result<std::string> head(std::size_t count) const override { return content.substr(0, count); }
    std::uint64_t size() const noexcept override { return content.size(); }
  };

  std::optional<failure> note(const std::string& call) {
    calls.push_back(call);
    return fault ? fault(call) : std::nullopt;
  }

  static std::string digest_of(std::string_view content, const EVP_MD* algorithm) {
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_Digest(content.data(), content.size(), raw, &length, algorithm, nullptr);
    return std::string(reinterpret_cast<const char*>(raw), length);
  }

  static std::string hex(const std::string& raw) {
    static const char* digits = "0123456789abcdef";
    std::string text;
    for (const char c : raw) {
      text += digits[static_cast<unsigned char>(c) >> 4U];
      text += digits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
  }

  std::int64_t now_ = 0;
  std::set<std::string> found_;  ///< of `left`, by the last sweep
};

}  // namespace pofetch::test
