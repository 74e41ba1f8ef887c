#pragma once

#include "objects/object_store.hpp"
#include "storage/file_store.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/error.hpp>

namespace pofetch::engine {

/// How the object store of a batch is reached. Failure config.
[[nodiscard]] result<objects::store_setup> store_setup_of(const batch_options& options);

/// A ledger belongs to one output: it says what is there. Notes in a new home whose objects it is to know;
/// failure config where it is that of another output. The folder is locked.
[[nodiscard]] result<void> claim_home(const storage::file_store& home, const batch_options& options);

}  // namespace pofetch::engine
