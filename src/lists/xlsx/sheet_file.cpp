#include "lists/xlsx/sheet_file.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"
#include "lists/show.hpp"
#include "lists/xlsx/workbook.hpp"
#include "lists/xlsx/zip_archive.hpp"
#include "os/read_write.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace pofetch::lists {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::size_t head_size = 4096;

/// An open regular file, and what it was when it was opened.
class open_file {
 public:
  /// A pipe is not even opened: its writer would take that for its reader.
  explicit open_file(const std::string& path) {
    if (::stat(path.c_str(), &facts_) != 0 || !S_ISREG(facts_.st_mode)) return;
    file_ = os::unique_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    is_regular_ = file_ && ::fstat(file_.get(), &facts_) == 0 && S_ISREG(facts_.st_mode);
  }

  [[nodiscard]] int fd() const noexcept { return file_.get(); }
  [[nodiscard]] bool is_regular() const noexcept { return is_regular_; }

  [[nodiscard]] bool has_changed() const {
    struct stat now {};
    return ::fstat(file_.get(), &now) != 0 || now.st_size != facts_.st_size ||
           now.st_mtim.tv_sec != facts_.st_mtim.tv_sec || now.st_mtim.tv_nsec != facts_.st_mtim.tv_nsec;
  }

 private:
  os::unique_fd file_;
  struct stat facts_ {};
  bool is_regular_ = false;
};

bool is_workbook_name(const fs::path& path) {
  constexpr std::array<std::string_view, 4> endings{".xlsx", ".xlsm", ".xltx", ".xls"};
  const std::string ending = core::to_lower(path.extension().string());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

/// Does it begin as web pages do, or as the XML that old office programs called a workbook?
bool is_markup(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF"sv)) head.remove_prefix(3);
  head = core::trim(head);
  constexpr std::array<std::string_view, 7> starts{"<!doctype", "<html", "<head", "<table",
                                                   "<meta",     "<?xml", "<!--"};
  return std::any_of(starts.begin(), starts.end(),
                     [head](std::string_view start) { return core::istarts_with(head, start); });
}

/// Encrypted workbooks are OLE files as old ones are, but with a stream of this name (UTF-16).
bool is_encrypted(const open_file& file) {
  static constexpr std::string_view mark = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
  constexpr std::size_t step = 1U << 20;
  constexpr std::size_t looked_at = 256U << 20;
  for (std::size_t at = 0; at < looked_at; at += step) {
    const std::string piece = os::read_at(file.fd(), at, step + mark.size()).bytes;
    if (piece.find(mark) != std::string::npos) return true;
    if (piece.size() < step) break;
  }
  return false;
}

/// The lock that a spreadsheet program keeps beside a file that is open in it; empty: none.
std::string lock_beside(const fs::path& path) {
  std::error_code ignored;
  const std::string file = path.filename().string();
  for (const std::string& lock : {"~$" + file, ".~lock." + file + "#"}) {
    if (fs::exists(path.parent_path() / lock, ignored)) return lock;
  }
  return {};
}

/// What the file is, if it is a document of an office program that is no XLSX; empty: it is not.
std::string other_document(const open_file& file, const fs::path& path, std::string_view head) {
  const std::string file_name = path.filename().string();
  if (file_name.starts_with("~$"))
    return fmt::format(
        "is the lock file that Excel keeps beside a sheet that is open; the sheet itself is {}",
        show(std::string_view(file_name).substr(2)));
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv))
    return is_encrypted(file)
               ? "is encrypted with a password; open it in the spreadsheet program, remove the "
                 "password (Excel: File, Info, Protect Workbook), save it, and give that file"
               : "is an old Excel workbook (.xls); save the sheet as Excel workbook (.xlsx) "
                 "or as CSV (UTF-8) and give that file";
  if (is_markup(head))
    return "is a web page (HTML or XML), whatever its name says, as some systems export it; open it in the "
           "spreadsheet program, save it as Excel workbook (.xlsx) or as CSV (UTF-8), and give that file";
  if (head.starts_with("PK\x03\x04"sv)) return {};
  const bool is_binary = head.find('\0') != std::string_view::npos && !head.starts_with("\xFF\xFE"sv) &&
                         !head.starts_with("\xFE\xFF"sv);
  if (is_workbook_name(path) && (head.empty() || is_binary))
    return "is named like a workbook, but is none: it is empty, damaged or still being written; wait until "
           "it is saved, or get it again";
  return {};
}

class archived_rows final : public sheet_rows {
 public:
  archived_rows(std::unique_ptr<open_file> file, std::unique_ptr<zip_archive> archive, std::string name)
      : file_(std::move(file)), archive_(std::move(archive)), name_(std::move(name)) {}

  result<void> open(const workbook& book, const std::string& part) {
    sheet_reader::surroundings around{name_, book.date_styles, book.from_1904, nullptr};
    if (!book.strings_part.empty() && archive_->has(book.strings_part)) {
      auto strings_part = archive_->open_part(book.strings_part);
      if (!strings_part) return strings_part.error();
      auto strings = shared_strings::load(**strings_part, name_);
      if (!strings) return strings.error();
      around.strings = std::move(*strings);
    }
    auto rows_part = archive_->open_part(part);
    if (!rows_part) return rows_part.error();
    rows_ = std::make_unique<sheet_reader>(std::move(*rows_part), std::move(around));
    part_ = part;
    return {};
  }

  result<std::vector<cell_range>> merged_in(std::int64_t row) override {
    auto part = archive_->open_part(part_);
    if (!part) return part.error();
    return read_merged_cells(**part, row, name_);
  }

  result<sheet_links> links_of(std::size_t column) override {
    return sheet_links::read(*archive_, part_, column, name_);
  }

  result<std::optional<record>> next() override {
    auto row = rows_->next();
    const bool ends = !row || !*row;
    if (ends && file_->has_changed())
      return make_failure(errc::input,
                          name_ +
                              " has changed while it was read, so it is still being written or saved; "
                              "wait until that is done, then run the same command again.");
    return row;
  }

 private:
  std::unique_ptr<open_file> file_;
  std::unique_ptr<zip_archive> archive_;
  std::string name_;
  std::string part_;
  std::unique_ptr<sheet_reader> rows_;
};

result<opened_sheet> open_workbook(std::unique_ptr<open_file> file, const list_options& options,
                                   const std::string& name) {
  auto archive = zip_archive::open(file->fd(), name);
  if (!archive) return archive.error();
  auto book = read_workbook(**archive, name);
  if (!book) return book.error();
  auto place = choose_sheet(*book, options.sheet, name);
  if (!place) return place.error();
  auto rows = std::make_unique<archived_rows>(std::move(file), std::move(*archive), name);
  auto opened = rows->open(*book, place->part);
  if (!opened) return opened.error();
  opened_sheet sheet{std::move(rows), place->name, {}};
  if (options.sheet.empty() && book->sheets.size() > 1)
    sheet.remarks.push_back(core::sentence("{} has {} sheets; {} is read, @sheet names another one: {}.",
                                           name, book->sheets.size(), show(place->name),
                                           sheet_names(*book, place->name)));
  return sheet;
}

failure no_sheets_in_text(const list_options& options, const std::string& name) {
  return make_failure(
      errc::input,
      core::sentence("@sheet asks for {}, but {} is no workbook and has no sheets; leave @sheet out.",
                     show(options.sheet), name));
}

}  // namespace

result<std::optional<opened_sheet>> open_sheet(const list_options& options, const std::string& name) {
  const auto no_workbook = [&]() -> result<std::optional<opened_sheet>> {
    if (!options.sheet.empty()) return no_sheets_in_text(options, name);
    return std::optional<opened_sheet>();
  };
  if (options.input == "-") return no_workbook();
  auto file = std::make_unique<open_file>(options.input);
  // A file that cannot be opened is reported when it is read as text.
  if (!file->is_regular()) return no_workbook();
  const fs::path path(options.input);
  const std::string head = os::read_at(file->fd(), 0, head_size).bytes;
  const bool is_zip = head.starts_with("PK\x03\x04"sv);
  const std::string other = other_document(*file, path, head);
  const std::string lock = lock_beside(path);
  const std::string open_elsewhere =
      lock.empty() ? std::string()
                   : fmt::format("{} is open in {} ({} stands beside it)", name,
                                 lock.starts_with('~') ? "Excel" : "LibreOffice", show(lock));
  if (!other.empty()) return make_failure(errc::input, name + " " + other + ".");
  if (!is_zip) return no_workbook();
  auto opened = open_workbook(std::move(file), options, name);
  if (!opened && open_elsewhere.empty()) return opened.error();
  if (!opened)
    return make_failure(opened.error().code,
                        opened.error().message + " " + open_elsewhere + ": save and close it there.");
  if (!open_elsewhere.empty()) opened->remarks.push_back(open_elsewhere + "; what was last saved is read.");
  return std::optional<opened_sheet>(std::move(*opened));
}

}  // namespace pofetch::lists
