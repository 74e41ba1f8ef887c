#pragma once

#include "pipeline/download_pool.hpp"
#include "pipeline/outcome.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/pool_config.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace pofetch::pipeline {

/// What follows from a list of attachments and from what earlier runs know of them. A file that the source
/// may have replaced gets a record of its own, as a further version, before anybody knows whether there is
/// one.
struct look_plan {
  /// Every attachment with every version, in the source's order; behind them those that it does not list any
  /// more.
  std::vector<attachment_record> records;
  /// Beside `records`.
  std::vector<commit_part> parts;
  /// What is to be fetched, or asked for, and its place among the records.
  std::vector<attachment> missing;
  std::vector<std::size_t> place;
  /// Of those of which a version is held.
  held_files held;
  /// Beside `missing`: those that `take_download` has taken.
  std::vector<bool> taken;
  /// Keys of versions that were on the disk once and that nobody has any more.
  std::vector<std::string> lost;
};

/// With `config.refresh` completed files are compared with what the source says of them. `looked_at`: when
/// the list was read.
[[nodiscard]] look_plan plan_look(const discovery& found, const std::vector<attachment_record>& known,
                                  const pool_config& config, std::chrono::system_clock::time_point looked_at);

/// Takes one download of `plan.missing` that has a body, before the others. The records and parts keep their
/// places.
void take_download(look_plan& plan, std::size_t index, download got, const purchase_order& po);

/// The versions of an attachment that are on the disk, of which `place` is the next one.
[[nodiscard]] std::span<attachment_record> held_before(std::vector<attachment_record>& records,
                                                       std::size_t place);

/// Takes the downloads of `plan.missing` that are not taken yet, in their order. What turned out to be held
/// already loses its record; what is a further version replaces the ones before as the present one.
void take_downloads(look_plan& plan, std::vector<download> downloads, const purchase_order& po);

/// The list of the last look again, for a source that says that nothing has changed.
[[nodiscard]] std::vector<attachment> listed_before(const std::vector<attachment_record>& known);

/// May the next look ask for these pages alone? Only if all that they list stands in the ledger as it is.
[[nodiscard]] bool can_be_relisted(const discovery& found);

}  // namespace pofetch::pipeline
