#pragma once

#include "pipeline/outcome.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pofetch::pipeline {

/// Gives every attachment of a PO its final name within the PO's folder: names of earlier runs stay;
/// the others get theirs in the order of the source, never one that is in `present` (the folder as it is
/// on disk) or that another attachment holds, compared with case folded. Attachments that failed or
/// are pending hold a name too, so that a later run names things as an undisturbed run would have. No name of
/// a file has more bytes than `longest`.
void choose_names(finished_po& po, const std::vector<std::string>& present, std::size_t longest);

}  // namespace pofetch::pipeline
