#pragma once

#include "http/way.hpp"
#include "sources/driver.hpp"
#include "storage/folder_probe.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace pofetch::engine {

// What `doctor` says about the facts that it has found. Pure.

[[nodiscard]] finding on_config(const batch_options& options);

[[nodiscard]] std::vector<finding> on_folder(const result<storage::folder_facts>& facts);

/// The steps of the way as far as it led; the last one is the FAIL if there was one.
[[nodiscard]] std::vector<finding> on_way(const http::way_facts& facts, const result<void>& outcome,
                                          const std::string& base_url,
                                          std::chrono::system_clock::time_point now);

[[nodiscard]] finding on_order(const result<discovery>& order, const std::string& number,
                               const sources::driver& source);

/// A call on the file system did not come back.
[[nodiscard]] finding on_silence(std::string check, const std::string& where, std::chrono::seconds limit);

}  // namespace pofetch::engine
