#include "pipeline/verifier.hpp"

#include <fmt/format.h>

#include <optional>

namespace pofetch::pipeline {

namespace {

/// What is wrong with a file, in one sentence; nothing if all is well.
std::optional<std::string> problem_of(const attachment_record& record, const std::string& folder,
                                      store& files) {
  const auto facts = files.stat(folder, record.name);
  if (!facts)
    return facts.error().code == errc::not_found ? std::string("is missing") : facts.error().message;
  if (facts->size != record.bytes)
    return fmt::format("has {} bytes where {} were fetched", facts->size, record.bytes);
  if (record.sha256.empty()) return std::nullopt;
  const auto digest = files.sha256(folder, record.name, {});
  if (!digest) return digest.error().message;
  if (*digest != record.sha256)
    return fmt::format("has other content: SHA-256 {} where {} was fetched", *digest, record.sha256);
  return std::nullopt;
}

}  // namespace

result<verify_result> verify(batch_reader& records, store& files,
                             const std::function<void(const damage&)>& found) {
  verify_result sum;
  auto visit = [&](const report_row& row) -> result<void> {
    for (const auto& record : row.outcome.attachments) {
      if (record.status != attachment_status::completed) continue;
      ++sum.files;
      sum.bytes += record.bytes;
      const auto problem = problem_of(record, row.outcome.po.folder, files);
      if (!problem) continue;
      ++sum.wrong;
      found(damage{row.outcome.po.number, row.outcome.po.folder + "/" + record.name, *problem});
    }
    return {};
  };
  auto visited = records.each(visit);
  if (!visited) return visited.error();
  return sum;
}

}  // namespace pofetch::pipeline
