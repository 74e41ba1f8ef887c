#pragma once

#include "storage/file_store.hpp"
#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::test {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A store in a folder of its own.
struct store_fixture {
  temp_dir dir;
  std::filesystem::path out = dir / "out";
  std::unique_ptr<storage::file_store> store = must(storage::file_store::open(out, durability::batch, true));

  std::unique_ptr<partial_file> body(std::string_view content) {
    auto made = must(store->create());
    must(made->append(bytes_of(content)));
    return made;
  }

  result<file_facts> place(std::string_view content, std::string_view folder, std::string_view name,
                           placement how = placement::fresh) {
    auto made = body(content);
    return store->place(*made, folder, name, how);
  }

  [[nodiscard]] std::size_t partials() const {
    std::size_t count = 0;
    for (const auto& item : std::filesystem::directory_iterator(out / ".pofetch" / "partial")) {
      count += item.exists() ? 1U : 0U;
    }
    return count;
  }
};

}  // namespace pofetch::test
