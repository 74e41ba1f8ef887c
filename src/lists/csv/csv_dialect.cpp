#include "lists/csv/csv_dialect.hpp"

#include "core/ascii.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace pofetch::lists {
namespace {

constexpr std::string_view candidates = ",;\t|";
constexpr std::size_t lines_looked_at = 50;

/// How often each candidate stands in one record outside quotes.
using tally = std::array<std::size_t, candidates.size()>;

/// The delimiter of a first line such as `sep=;`, and that line's length with its end.
struct sep_line {
  char delimiter;
  std::size_t length;
};

std::optional<sep_line> find_sep_line(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = core::trim(text.substr(0, end));
  // A tab as delimiter is trimmed away with the space; a quoted line comes from tools that quote all.
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (!core::istarts_with(line, "sep=")) return std::nullopt;
  line.remove_prefix(4);
  const std::size_t next = text.substr(end).starts_with("\r\n") ? end + 2 : end + 1;
  if (line.empty() && text.substr(0, end).find('\t') != std::string_view::npos) return sep_line{'\t', next};
  if (line.size() != 1 || core::is_alnum(line[0]) || line[0] == '"' || core::is_space(line[0]))
    return std::nullopt;
  return sep_line{line[0], next};
}

/// Walks over the beginning of a text record by record, knowing quotes as CSV readers do: one opens only
/// at the beginning of a cell.
class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  /// Tallies of the records that are whole (the last one if it is all there is), blank ones left out.
  std::vector<tally> records() {
    std::vector<tally> found;
    while (at_ < text_.size() && found.size() < lines_looked_at) {
      const std::size_t begin = at_;
      const auto counts = record();
      if (!counts && !found.empty()) break;
      if (core::trim(text_.substr(begin, at_ - begin)).empty()) continue;
      found.push_back(counts.value_or(partial_));
    }
    return found;
  }

  [[nodiscard]] bool space_before_quote() const noexcept { return space_before_quote_; }

 private:
  /// Reads one record; nothing if the text ends within it.
  std::optional<tally> record() {
    partial_ = {};
    bool cell_begins = true;
    bool spaced = false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n' || c == '\r') return partial_;
      if (c == '"' && cell_begins) {
        space_before_quote_ = space_before_quote_ || spaced;
        skip_quoted();
        cell_begins = false;
        continue;
      }
      const std::size_t which = candidates.find(c);
      if (which != std::string_view::npos) {
        ++partial_[which];
        cell_begins = true;
        spaced = false;
      } else if (c == ' ' && cell_begins) {
        spaced = true;
      } else {
        cell_begins = false;
      }
    }
    return std::nullopt;
  }

  void skip_quoted() {
    while (at_ < text_.size()) {
      if (text_[at_++] != '"') continue;
      if (at_ >= text_.size() || text_[at_] != '"') return;
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  tally partial_{};
  bool space_before_quote_ = false;
};

std::size_t count_alike(const std::vector<tally>& records, std::size_t which) {
  std::size_t alike = 0;
  for (const tally& one : records) alike += one[which] == records.front()[which] ? 1U : 0U;
  return alike;
}

void choose_delimiter(const std::vector<tally>& records, char preferred, csv_dialect& dialect) {
  std::size_t best_alike = 0;
  std::size_t best_count = 0;
  for (std::size_t which = 0; which < candidates.size() && !records.empty(); ++which) {
    const std::size_t count = records.front()[which];
    if (count == 0) continue;
    const std::size_t alike = count_alike(records, which);
    const bool equal = alike == best_alike && count == best_count;
    const bool better = alike > best_alike || (alike == best_alike && count > best_count);
    if (!better && !(equal && candidates[which] == preferred)) continue;
    dialect.delimiter = candidates[which];
    best_alike = alike;
    best_count = count;
  }
  dialect.even = records.size() > 1 && best_alike == records.size();
}

}  // namespace

csv_dialect detect_csv_dialect(std::string_view sample, char preferred) {
  csv_dialect dialect;
  const auto sep = find_sep_line(sample);
  if (sep) sample.remove_prefix(sep->length);
  scanner scan(sample);
  const std::vector<tally> records = scan.records();
  dialect.trims = scan.space_before_quote();
  dialect.has_sep_line = sep.has_value();
  if (sep) {
    dialect.delimiter = sep->delimiter;
  } else {
    choose_delimiter(records, preferred, dialect);
  }
  return dialect;
}

}  // namespace pofetch::lists
