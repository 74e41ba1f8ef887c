#pragma once

#include <pofetch/store.hpp>

namespace pofetch::engine {

/// The store of a run that only plans: whoever asks it for anything has a bug.
class no_store final : public store {
 public:
  result<std::unique_ptr<partial_file>> create() override;
  [[nodiscard]] std::size_t most_bodies() const override;
  [[nodiscard]] std::size_t longest_name() const override;
  result<std::vector<std::string>> list(std::string_view folder) override;
  result<void> sync(std::span<partial_file* const> bodies) override;
  result<file_facts> place(partial_file& body, std::string_view folder, std::string_view name,
                           placement how) override;
  result<file_facts> stat(std::string_view folder, std::string_view name) override;
  result<std::string> sha256(std::string_view folder, std::string_view name,
                             const std::function<bool()>& stopped) override;
  result<std::size_t> sweep() override;
  std::optional<left_body> take_left(std::string_view owner) override;
  result<std::size_t> drop_left() override;
};

}  // namespace pofetch::engine
