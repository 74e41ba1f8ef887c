#pragma once

#include "engine/node/node.hpp"

#include <pofetch/store.hpp>

namespace pofetch::engine {

/// A store in which nothing gets its name unless the node may place it. Both must outlive it.
class node_store final : public store {
 public:
  node_store(store& files, node& who) noexcept : files_(files), who_(who) {}

  result<std::unique_ptr<partial_file>> create() override { return files_.create(); }
  [[nodiscard]] std::size_t most_bodies() const override { return files_.most_bodies(); }
  [[nodiscard]] std::size_t longest_name() const override { return files_.longest_name(); }
  result<std::vector<std::string>> list(std::string_view folder) override { return files_.list(folder); }
  result<void> sync(std::span<partial_file* const> bodies) override { return files_.sync(bodies); }
  result<file_facts> place(partial_file& body, std::string_view folder, std::string_view name,
                           placement how) override {
    if (auto may = who_.may_place(); !may) return may.error();
    return files_.place(body, folder, name, how);
  }
  result<file_facts> stat(std::string_view folder, std::string_view name) override {
    return files_.stat(folder, name);
  }
  result<std::string> sha256(std::string_view folder, std::string_view name,
                             const std::function<bool()>& stopped) override {
    return files_.sha256(folder, name, stopped);
  }
  [[nodiscard]] folder_operations* folders() noexcept override { return files_.folders(); }
  result<std::size_t> sweep() override { return files_.sweep(); }
  std::optional<left_body> take_left(std::string_view owner) override { return files_.take_left(owner); }
  result<std::size_t> drop_left() override { return files_.drop_left(); }

 private:
  store& files_;
  node& who_;
};

}  // namespace pofetch::engine
