#pragma once

#include "objects/store_client.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/store.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::objects {

/// A stretch of the keys of a store, as it listed them: whoever looks at one object after another asks for
/// hundreds at once. What is not in it may be there all the same: ask for that one.
class listing_window {
 public:
  static constexpr std::size_t most_keys = 1000;

  /// What the listing says of a key; nothing: it does not have it.
  [[nodiscard]] std::optional<file_facts> find(std::string_view key);

  /// Is the key within the stretch, so that listing again would tell nothing new?
  [[nodiscard]] bool covers(std::string_view key) const;

  /// Lists from this folder on. Failures: those of the store.
  [[nodiscard]] awaitable<result<void>> load(store_client& from, std::string folder_key);

  void clear();

 private:
  std::string first_;
  /// Nothing: there are no keys behind it.
  std::optional<std::string> last_{std::string()};
  std::map<std::string, file_facts, std::less<>> known_;
  /// How much of the last one was of use.
  std::size_t found_ = 0;
  std::size_t keys_at_once_ = most_keys;
};

}  // namespace pofetch::objects
