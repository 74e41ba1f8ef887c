#pragma once

#include <pofetch/ledger.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace pofetch::sqlite {

/// A choice as statements take it. Numbers may be many, and are compared here: a statement would read the
/// list of them anew each time it starts.
class chosen {
 public:
  /// `of_manifest`: leading zeros of numbers matter.
  explicit chosen(const work_choice& choice, bool of_manifest = false);

  /// The condition on a row of `purchase_orders` but for its number, with `states` and `codes` as parameters
  /// ?1 and ?2.
  static constexpr std::string_view condition =
      "((?1 >> status) & 1 AND (?2 = '[]' OR (error_code <> '' AND error_code IN (SELECT value FROM "
      "json_each(?2))) "
      "OR EXISTS (SELECT 1 FROM attachments AS a WHERE a.po_id = purchase_orders.id AND a.status = 3 AND "
      "a.error_code <> '' AND a.error_code IN (SELECT value FROM json_each(?2)))))";

  /// A bit for each status that is chosen.
  [[nodiscard]] std::int64_t states() const noexcept { return states_; }
  /// A JSON array of words; `[]`: any.
  [[nodiscard]] const std::string& codes() const noexcept { return codes_; }
  [[nodiscard]] bool every_number() const noexcept { return keys_.empty(); }
  /// Is the PO with that key among the chosen numbers?
  [[nodiscard]] bool has(const std::string& key) const { return keys_.empty() || keys_.count(key) != 0; }

 private:
  std::int64_t states_ = 0;
  std::string codes_;
  std::unordered_set<std::string> keys_;
};

}  // namespace pofetch::sqlite
