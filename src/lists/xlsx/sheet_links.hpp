#pragma once

#include "lists/xlsx/zip_archive.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pofetch::lists {

/// Bytes of all addresses of one sheet.
inline constexpr std::size_t max_link_bytes = 64U << 20;

/// Where the cells of one column lead by the links that stand beside the sheet (ECMA-376 part 1, 18.3.1.47):
/// a link has one cell or a range, and several may share one address.
class sheet_links {
 public:
  /// None.
  sheet_links() = default;

  /// `part` is the sheet's, `name` the file in messages. Failure `input`: a part is damaged, or there are
  /// more addresses than the bound.
  [[nodiscard]] static result<sheet_links> read(const zip_archive& archive, const std::string& part,
                                                std::size_t column, const std::string& name);

  /// The address of the cell in that row; null: it has none.
  [[nodiscard]] const std::string* of_row(std::int64_t row) const;

 private:
  struct link {
    std::int64_t first_row = 0;
    std::int64_t last_row = 0;
    std::size_t target = 0;
  };

  std::vector<std::string> targets_;
  std::vector<link> links_;  ///< by their first rows
};

}  // namespace pofetch::lists
