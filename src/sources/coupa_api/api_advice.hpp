#pragma once

#include "sources/session_state.hpp"

#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace pofetch::sources {

/// What to do about a REST API that refused the sign-in, by token or by key.
[[nodiscard]] std::string api_advice(const failure& why, bool by_token);

/// The REST API, asked for one order: by a token that lives so long, if that was said, or by the API key.
[[nodiscard]] finding on_api(const result<session_state>& state, const instance_options& options,
                             std::optional<std::chrono::seconds> token_life);

}  // namespace pofetch::sources
