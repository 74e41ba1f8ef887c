#pragma once

#include <string>
#include <string_view>

namespace pofetch::sources {

/// Where a page may say what a file is called. Hostile texts, as they came.
struct name_hints {
  std::string download;    ///< value of the attribute `download`
  std::string title;       ///< `title`, perhaps after `Download `
  std::string aria_label;  ///< `aria-label`, perhaps before ` file attachment`
  std::string text;        ///< what the link reads
};

struct chosen_name {
  std::string name;
  /// Of two names of one attachment the better one counts.
  enum class quality { fallback, from_address, from_page } how = quality::fallback;
};

/// Ends in a dot and 2 to 8 ASCII letters or digits, with something before; no address.
[[nodiscard]] bool looks_like_file_name(std::string_view text) noexcept;

/// A file name in a place that is about files: its ending has a letter (`12.50` is an amount).
[[nodiscard]] bool is_document_name(std::string_view text) noexcept;

/// How much a text anywhere on a page looks like the name of a file.
enum class likeness {
  none,
  unsure,  ///< an ending that nobody knows, behind digits, `-` or `_`
  sure,    ///< an ending that documents have
};
/// Names of hosts, people and mail addresses look like files too, and are none.
[[nodiscard]] likeness likeness_of(std::string_view text) noexcept;

/// `Download terms.docx` gives `terms.docx`.
[[nodiscard]] std::string_view without_download_prefix(std::string_view title) noexcept;

/// The name in `plan.pdf file attachment`, nothing if the label does not end so.
[[nodiscard]] std::string_view name_in_label(std::string_view label) noexcept;

/// The first that looks like a file name of: `download`, `title`, `aria-label`, text, the query's
/// `filename`, `file` or `name`, the last part of the path. If none does: the first of the page's texts
/// that could be a name at all, else the last part of the path. May be empty; not made safe.
[[nodiscard]] chosen_name choose_name(const name_hints& hints, std::string_view url);

}  // namespace pofetch::sources
