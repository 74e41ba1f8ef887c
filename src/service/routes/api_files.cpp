// Files of a batch: only those that its ledger has as complete, opened beneath its folder, and sent so that
// no browser shows them as a page of ours.
#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "core/percent.hpp"
#include "core/unicode.hpp"
#include "service/routes/api.hpp"
#include "service/routes/api_ledger.hpp"
#include "service/routes/file_body.hpp"
#include "service/routes/file_range.hpp"
#include "storage/safe_open.hpp"
#include "storage/safe_path.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr std::size_t read_size = 256U << 10;

/// Types that no program takes for something to run.
constexpr std::array<std::string_view, 12> safe_types{
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/tiff",
    "text/csv",
    "text/plain"};

std::string_view safe_type(const std::string& media) {
  const std::string plain = core::to_lower(core::trim(std::string_view(media).substr(0, media.find(';'))));
  const auto found = std::find(safe_types.begin(), safe_types.end(), plain);
  return found == safe_types.end() ? "application/octet-stream" : *found;
}

std::string file_tag(const attachment_record& file) {
  if (!file.sha256.empty()) return fmt::format("\"sha256-{}\"", file.sha256);
  return fmt::format("\"{}-{}\"", file.mtime_ns, file.bytes);
}

struct opened_file {
  os::unique_fd handle;
  bool same = false;  ///< as it was recorded
};

opened_file open_recorded(const std::filesystem::path& out, const sqlite::complete_file& file) {
  opened_file made;
  if (!storage::levels_of(file.path)) return made;
  const os::unique_fd root(::open(out.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!root) return made;
  storage::opened opened = storage::open_beneath(root.get(), file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  struct stat facts {};
  if (!opened.fd || ::fstat(opened.fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return made;
  const std::int64_t mtime = facts.st_mtim.tv_sec * 1'000'000'000LL + facts.st_mtim.tv_nsec;
  made.same = static_cast<std::uint64_t>(facts.st_size) == file.attachment.bytes &&
              (file.attachment.mtime_ns == 0 || mtime == file.attachment.mtime_ns);
  made.handle = std::move(opened.fd);
  return made;
}

/// `12:3`: behind the third file of the order at 12.
std::pair<std::int64_t, std::size_t> place_of(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto position = core::parse_unsigned(text.substr(0, colon));
  const auto skipped = core::parse_unsigned(text.substr(std::min(colon + 1, text.size())));
  return {static_cast<std::int64_t>(position.value_or(0)), static_cast<std::size_t>(skipped.value_or(0))};
}

json::object file_json(const sqlite::complete_file& file) {
  json::object made{{"path", core::to_utf8(file.path)},
                    {"po_number", core::to_utf8(file.po_number)},
                    {"bytes", file.attachment.bytes},
                    {"sha256", nullptr},
                    {"media_type", nullptr}};
  if (!file.attachment.sha256.empty()) made["sha256"] = file.attachment.sha256;
  if (!file.attachment.media_type.empty()) made["media_type"] = core::to_utf8(file.attachment.media_type);
  return made;
}

void add_file_fields(reply& made, const sqlite::complete_file& file) {
  const std::string& name = file.attachment.name;
  made.fields.emplace_back("ETag", file_tag(file.attachment));
  made.fields.emplace_back("Accept-Ranges", "bytes");
  if (const auto digest = core::from_hex(file.attachment.sha256); digest && !digest->empty())
    made.fields.emplace_back("Repr-Digest", fmt::format("sha-256=:{}:", core::base64_encode(*digest)));
  made.fields.emplace_back("Content-Disposition",
                           "attachment; filename*=UTF-8''" + core::encode_component(core::to_utf8(name)));
  made.fields.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
  made.fields.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

awaitable<body_stream::state> file_body::next(std::string& into) {
  into.resize(static_cast<std::size_t>(std::min<std::uint64_t>(rest_.left, read_size)));
  const ssize_t got =
      into.empty() ? 0 : ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(rest_.at));
  if (got < static_cast<ssize_t>(into.size())) {  // it has become shorter
    into.clear();
    co_return state::broken;
  }
  rest_.at += static_cast<std::uint64_t>(got);
  rest_.left -= static_cast<std::uint64_t>(got);
  co_return rest_.left == 0 ? state::end : state::more;
}

awaitable<reply> api::list_files(request& asked) {
  query_reader query(asked, {"limit", "cursor"});
  const std::size_t limit = query.limit();
  const auto [position, skipped] = place_of(query.place());
  if (query.refused()) co_return refuse(*query.refused());
  if (desk_.find(asked.names[0]) == nullptr) co_return refuse("not-found", "There is no batch of that id.");
  json::array items;
  if (!has_ledger(asked.names[0])) co_return page_reply(asked, query, std::move(items), "");
  const std::int64_t after = skipped > 0 ? position - 1 : position;
  const std::size_t wanted = limit + skipped + 1;
  auto read = [after, wanted](sqlite::ledger_pages& pages) { return pages.files(after, wanted); };
  const auto files = co_await ask_ledger(asked.names[0], read);
  if (!files) co_return storage_reply(files.error());
  std::pair<std::int64_t, std::size_t> here{0, 0};  // order, and which of its files
  std::string done;
  std::string next;
  for (const sqlite::complete_file& each : *files) {
    here = {each.position, each.position == here.first ? here.second + 1 : 1};
    if (here.first == position && here.second <= skipped) continue;
    if (items.size() == limit) {
      next = done;
      break;
    }
    items.push_back(file_json(each));
    done = fmt::format("{}:{}", here.first, here.second);
  }
  co_return page_reply(asked, query, std::move(items), next);
}

awaitable<reply> api::send_file(request& asked) {
  const query_reader query(asked, {});
  if (query.refused()) co_return refuse(*query.refused());
  if (desk_.find(asked.names[0]) == nullptr) co_return refuse("not-found", "There is no batch of that id.");
  if (!has_ledger(asked.names[0])) co_return refuse("not-found", "The batch has no such file.");
  auto read = [path = asked.names[1]](sqlite::ledger_pages& pages) { return pages.file(path); };
  const auto found = co_await ask_ledger(asked.names[0], read);
  if (!found) co_return storage_reply(found.error());
  if (!*found) co_return refuse("not-found", "The batch has no such file.");
  const sqlite::complete_file& file = **found;
  opened_file opened = open_recorded(out_of(asked.names[0]), file);
  if (!opened.same)
    co_return refuse("file-changed",
                     "The file is not as it was recorded; verify tells more, a retry fetches it again.");
  reply made;
  const std::string tag = file_tag(file.attachment);
  if (asked.head.value("if-none-match") == tag) {
    made.status = 304;
    made.fields.emplace_back("ETag", tag);
    co_return made;
  }
  const std::string_view same = asked.head.value("if-range");
  const bool partly = same.empty() || same == tag;
  const file_range range =
      read_range(partly ? asked.head.value("range") : std::string_view{}, file.attachment.bytes);
  if (range.what == file_range::kind::none) {
    made = refuse("range-not-satisfiable", fmt::format("The file has {} bytes.", file.attachment.bytes));
    made.fields.emplace_back("Content-Range", fmt::format("bytes */{}", file.attachment.bytes));
    co_return made;
  }
  if (range.what == file_range::kind::part) {
    made.status = 206;
    made.fields.emplace_back(
        "Content-Range",
        fmt::format("bytes {}-{}/{}", range.first, range.first + range.count - 1, file.attachment.bytes));
  }
  made.type = safe_type(file.attachment.media_type);
  add_file_fields(made, file);
  made.stream = std::make_shared<file_body>(std::move(opened.handle), range.first, range.count);
  co_return made;
}

}  // namespace pofetch::service
