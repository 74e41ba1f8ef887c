#pragma once

#include <pofetch/instance_options.hpp>

namespace pofetch::settings {

/// The files that the options name for reading (cookies, certificates, the file of the secret) are there and
/// no folders. Looks at the disk and may wait for one that is gone. Failure config, one sentence that names
/// file and setting. The engine would find it out later, when it reads them.
[[nodiscard]] result<void> check_files(const instance_options& options);

}  // namespace pofetch::settings
