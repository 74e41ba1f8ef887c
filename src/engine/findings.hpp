#pragma once

#include "http/way.hpp"
#include "sources/session_probe.hpp"
#include "storage/folder_probe.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace pofetch::engine {

// What `doctor` says about the facts that it has found. Pure.

/// A FAIL with the state that this failure ends a run with.
[[nodiscard]] finding failed_check(std::string check, const failure& why, std::string next_step);

[[nodiscard]] finding on_config(const batch_options& options);

[[nodiscard]] std::vector<finding> on_folder(const result<storage::folder_facts>& facts);

/// The steps of the way as far as it led; the last one is the FAIL if there was one.
[[nodiscard]] std::vector<finding> on_way(const http::way_facts& facts, const result<void>& outcome,
                                          const std::string& base_url,
                                          std::chrono::system_clock::time_point now);

[[nodiscard]] finding on_session(const result<sources::session_state>& state, const std::string& base_url);

[[nodiscard]] finding on_order(const result<discovery>& order, const std::string& number);

}  // namespace pofetch::engine
