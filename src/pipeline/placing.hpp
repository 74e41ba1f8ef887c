#pragma once

#include "pipeline/outcome.hpp"

#include <pofetch/attachment.hpp>
#include <pofetch/download.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/store.hpp>

#include <string>
#include <vector>

namespace pofetch::pipeline {

/// How often a body is given another name because somebody took the one before.
inline constexpr int most_renames = 8;

/// Places one `committing` attachment under its name: COMPLETED afterwards, or FAILED with the reason. If a
/// file of somebody else took the name, it stays `committing` with the next free one, unless it is the
/// `last_try`. Blocks: storage thread.
void place_one(store& files, const purchase_order& po, attachment_record& record, commit_part& part,
               bool last_try);

/// What a store is told of it.
[[nodiscard]] placing placing_of(const purchase_order& po, const attachment_record& record,
                                 const commit_part& part);

/// What `place_one` does once the store has answered.
void note_placed(store& files, const purchase_order& po, attachment_record& record, commit_part& part,
                 const result<file_facts>& placed, bool last_try);

/// Names the bodies of one PO, places them in `po.folder`, and brings them to stable storage. What is there
/// is never replaced: a name that is taken gets a number. One record for each download, in order; those
/// without a body are passed on as they are. What fails costs itself. Blocks: storage thread.
[[nodiscard]] std::vector<attachment_record> save_downloads(store& files, const purchase_order& po,
                                                            std::vector<download> done);

}  // namespace pofetch::pipeline
