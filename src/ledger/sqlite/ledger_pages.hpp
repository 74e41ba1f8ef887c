#pragma once

#include "ledger/sqlite/database.hpp"
#include "ledger/sqlite/reader.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sqlite {

/// Which orders of the present list, from where on.
struct order_filter {
  std::optional<po_status> status{};
  std::string error_code{};     ///< empty: any, and none
  std::string number_prefix{};  ///< of the number as the ledger has it
  std::int64_t after = 0;       ///< position
  std::size_t limit = 100;
};

/// Orders with the same error code.
struct error_group {
  std::string code;
  std::uint64_t count = 0;
  /// Number and message of the first ones.
  std::vector<std::pair<std::string, std::string>> examples{};
};

/// A file that is complete.
struct complete_file {
  std::int64_t position = 0;
  std::string po_number;
  std::string path;  ///< relative to the output folder
  attachment_record attachment;
};

/// A ledger, read page by page, also while a run works on it. All calls block; one thread at a time.
/// Failures: ledger.
class ledger_pages {
 public:
  [[nodiscard]] static result<ledger_pages> open(const std::filesystem::path& file);

  /// In the order of the list, without their attachments.
  [[nodiscard]] result<std::vector<placed_row>> orders(const order_filter& filter);
  /// With its attachments.
  [[nodiscard]] result<std::optional<placed_row>> order(const std::string& number);
  /// By error code, most frequent first.
  [[nodiscard]] result<std::vector<error_group>> errors();
  /// Complete files of the orders behind that position, in order; those of whole orders, at least `limit`
  /// unless there are no more.
  [[nodiscard]] result<std::vector<complete_file>> files(std::int64_t after, std::size_t limit);
  /// The file that has that path, if it is complete.
  [[nodiscard]] result<std::optional<complete_file>> file(const std::string& path);

 private:
  explicit ledger_pages(database db, std::int64_t generation) : db_(std::move(db)), generation_(generation) {}
  [[nodiscard]] result<std::vector<placed_row>> rows_of(statement& rows);

  database db_;
  std::int64_t generation_;
};

}  // namespace pofetch::sqlite
