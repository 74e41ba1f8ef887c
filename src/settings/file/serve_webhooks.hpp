#pragma once

#include "settings/file/config_file.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/error.hpp>

#include <string_view>
#include <vector>

namespace pofetch::settings {

/// Is it the section of a webhook, `webhook.NAME`?
[[nodiscard]] bool is_webhook(std::string_view section);

/// The webhooks of `pofetch serve`: sections `[webhook.NAME]` with `url`, `secret-file`, and, if need be,
/// `events`, `cacert` and `allow-host`. Failure `config` names file and line, never an address.
[[nodiscard]] result<std::vector<webhook>> read_webhooks(const config_file& file);

}  // namespace pofetch::settings
