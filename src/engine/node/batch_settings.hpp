#pragma once

#include <pofetch/batch.hpp>
#include <pofetch/error.hpp>

#include <string>

namespace pofetch::engine {

/// What decides what is fetched and how it is named is the same for all nodes of a batch and stands in its
/// ledger, with the output folder: as JSON. No secret is among it.
[[nodiscard]] std::string settings_of(const batch_options& options);

/// Makes `mine` agree with what the batch has: what is left at its default becomes the batch's. `source`:
/// where attachments were looked up in the batch's last run, empty if there was none. Failure `config` names
/// the setting and both values.
[[nodiscard]] result<void> agree(batch_options& mine, const std::string& of_batch, const std::string& source);

/// By the word of the ledger; `automatic` for one that this version does not know.
[[nodiscard]] source_kind source_named(const std::string& word);

}  // namespace pofetch::engine
