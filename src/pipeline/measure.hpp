#pragma once

#include "pipeline/worker_manager.hpp"

#include <pofetch/attachment.hpp>
#include <pofetch/attachment_source.hpp>
#include <pofetch/awaitable.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace pofetch::pipeline {

/// Asks for the size of each attachment that the source did not announce (HEAD), at most `max_concurrent`
/// at the same time, and writes it into the record at the same place of `places`. Where the server does
/// not say, the record's error says so. `notes`: the second addresses. Nothing is fetched.
[[nodiscard]] awaitable<> measure(const lane& where, std::span<const attachment> attachments,
                                  std::span<const std::size_t> places, std::size_t max_concurrent,
                                  const attachment_notes& notes, std::vector<attachment_record>& records);

}  // namespace pofetch::pipeline
