#pragma once

#include "objects/store_client.hpp"
#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>
#include <pofetch/object_store.hpp>

#include <filesystem>

namespace pofetch::objects {

/// The folder for bodies on their way to that output, made if need be, for this user alone: below the one
/// that was given, else below the system's temporary folder. Batches with other ledgers or outputs have
/// others. Failures: disk, disk_full, permission (also: it belongs to somebody else).
[[nodiscard]] result<std::filesystem::path> make_spool_folder(const object_store_options& options,
                                                              const output_address& where);

/// Opens a file and says in the request what is sent of it. It must stay open until then. Failure disk.
[[nodiscard]] result<os::unique_fd> open_to_send(const std::filesystem::path& path, object_request& request);

}  // namespace pofetch::objects
