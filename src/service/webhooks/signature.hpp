#pragma once

#include <pofetch/error.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace pofetch::service {

/// The key in a file: `whsec_` and base64, else the file's own bytes; of a file of text its last line's end
/// is none of them. Blocks. Failure config: the file cannot be read, is empty or above 4 KiB, or what is
/// behind `whsec_` is no base64; never with what is in it.
[[nodiscard]] result<std::string> load_webhook_key(const std::filesystem::path& file);

/// Value of `webhook-signature` (Standard Webhooks): `v1,` and the HMAC-SHA256 of id, time and body in
/// base64.
[[nodiscard]] std::string webhook_signature(std::string_view key, std::string_view id,
                                            std::chrono::seconds timestamp, std::string_view body);

}  // namespace pofetch::service
