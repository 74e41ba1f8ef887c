#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pofetch::settings {

/// Options of `pofetch submit` and `pofetch watch`: the service, and a batch there. Plain data.
struct remote_options {
  /// Address of the service; of watch: of the batch.
  std::string address{};
  std::string profile{};
  std::string name{};
  std::vector<std::string> labels{};
  std::string priority{};
  /// Makes one batch of several tries; empty: one is made up.
  std::string key{};
  std::filesystem::path token_file{};
  /// From the environment; empty: there is none, or the file on the command line goes first. A secret.
  std::string token{};
  /// Follow the batch once it is there.
  bool watch = false;
};

}  // namespace pofetch::settings
