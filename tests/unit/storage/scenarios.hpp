#pragma once

#include <pofetch/error.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::test {

/// Whole bodies, longer than what a body keeps of its beginning.
inline const std::string one(3000, '1');
inline const std::string two(2000, '2');

/// Where a scenario is played, and whether no call fails in it.
struct stage {
  std::filesystem::path out;
  std::string order;
  bool calm;
};

/// What a program does with an output folder. Throws where storage says what is not so.
struct scenario {
  std::string name;
  void (*play)(const stage&);
  /// What is there after one that succeeded.
  void (*check)(const stage&);
  /// Without, the folder is still to be made.
  bool planted;
};

/// Together they use all of storage.
[[nodiscard]] const std::vector<scenario>& scenarios();
enum which { a_batch_of_files, linked_copies, bodies_left, two_stores, folder_probe };

/// The first failure that storage told.
[[nodiscard]] std::optional<failure> play(const scenario& it, const stage& at);

}  // namespace pofetch::test
