// The form of a note, one item a line, in this order, nothing else:
//
//     pofetch.partial/1
//     boot 6fd1a3c2-...             /proc/sys/kernel/random/boot_id
//     owner <64 hexadecimal digits>
//     total 73400320
//     etag "v1"
//     disposition <base64>          may be empty, like the next
//     type <base64>
//     digest SHA-256 <hexadecimal digits> Repr-Digest     any number
//     end
//
// Another version of the form gets another first line, and is not read.
#include "storage/bodies/part_note.hpp"

#include "core/ascii.hpp"
#include "core/content_range.hpp"
#include "core/digest_fields.hpp"
#include "core/encoding.hpp"
#include "os/read_write.hpp"
#include "os/replace_file.hpp"
#include "os/uninterrupted.hpp"
#include "storage/bodies/hasher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fcntl.h>
#include <span>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

constexpr std::string_view first_line = "pofetch.partial/1";
constexpr time_t oldest = 7 * 24 * 3600;
constexpr std::size_t owner_digits = 64;

constexpr digest_algorithm algorithms[] = {digest_algorithm::md5, digest_algorithm::sha1,
                                           digest_algorithm::sha256, digest_algorithm::sha512};

/// Takes lines from the front of a text.
class line_taker {
 public:
  explicit line_taker(std::string_view text) : rest_(text) {}

  /// The next line without what it must begin with; nothing if it does not.
  std::optional<std::string_view> take(std::string_view beginning) {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos || rest_.substr(0, beginning.size()) != beginning) return std::nullopt;
    const std::string_view value = rest_.substr(beginning.size(), end - beginning.size());
    rest_.remove_prefix(end + 1);
    return value;
  }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool is_word(std::string_view text) {
  const auto allowed = [](char c) { return core::is_digit(c) || core::is_alpha(c) || c == '-'; };
  return !text.empty() && text.size() <= owner_digits && std::all_of(text.begin(), text.end(), allowed);
}

std::optional<announced_digest> parse_digest(std::string_view line) {
  const auto first = line.find(' ');
  const auto second = line.find(' ', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto bytes = core::from_hex(line.substr(first + 1, second - first - 1));
  const std::string_view origin = line.substr(second + 1);
  for (const digest_algorithm each : algorithms)
    if (line.substr(0, first) == core::to_string(each) && bytes && bytes->size() == core::digest_size(each) &&
        is_word(origin))
      return announced_digest{each, *bytes, std::string(origin)};
  return std::nullopt;
}

/// A header field's value: nothing in it that a field cannot carry.
std::optional<std::string> parse_field(std::optional<std::string_view> line) {
  if (!line) return std::nullopt;
  auto value = core::base64_decode(*line);
  if (value && std::any_of(value->begin(), value->end(), core::is_control)) return std::nullopt;
  return value;
}

/// A plain file that only this user's runs have made and that has no second name.
bool is_own_file(const struct stat& facts) {
  return S_ISREG(facts.st_mode) && facts.st_nlink == 1 && facts.st_uid == ::geteuid();
}

os::unique_fd open_plain(int folder, const std::string& name, int flags, struct stat& facts) {
  constexpr int safe = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  os::unique_fd file(os::uninterrupted([&] { return ::openat(folder, name.c_str(), flags | safe); }));
  if (file && (::fstat(file.get(), &facts) != 0 || !is_own_file(facts))) return {};
  return file;
}

std::string read_boot() {
  const std::string text = os::read_file("/proc/sys/kernel/random/boot_id", owner_digits + 1).bytes;
  const std::string_view id = core::trim(std::string_view(text).substr(0, text.find('\n')));
  return is_word(id) ? std::string(id) : std::string();
}

std::optional<part_note> read_note(int folder, const std::string& part) {
  struct stat facts {};
  const os::unique_fd file = open_plain(folder, note_name(part), O_RDONLY, facts);
  if (!file || static_cast<std::size_t>(facts.st_size) > longest_note) return std::nullopt;
  return parse_note(os::read_at(file.get(), 0, longest_note + 1).bytes);
}

}  // namespace

const std::string& this_boot() {
  static const std::string id = read_boot();
  return id;
}

std::string owner_mark(std::string_view owner) {
  auto digest = hasher::make(digest_algorithm::sha256);
  if (!digest || !digest->update(std::as_bytes(std::span(owner.data(), owner.size())))) return {};
  return core::to_hex(digest->digest());
}

std::optional<std::string> format_note(const part_note& note) {
  const body_note& body = note.body;
  std::string text = fmt::format("{}\nboot {}\nowner {}\ntotal {}\netag {}\ndisposition {}\ntype {}\n",
                                 first_line, note.boot, note.owner, body.total, body.etag,
                                 core::base64_encode(body.disposition), core::base64_encode(body.media_type));
  for (const announced_digest& digest : body.digests)
    text += fmt::format("digest {} {} {}\n", core::to_string(digest.algorithm), core::to_hex(digest.bytes),
                        digest.origin);
  text += "end\n";
  // What could not be read again is not written.
  if (text.size() > longest_note || !parse_note(text)) return std::nullopt;
  return text;
}

std::optional<part_note> parse_note(std::string_view text) {
  if (text.size() > longest_note) return std::nullopt;
  line_taker lines(text);
  const auto version = lines.take(first_line);
  const auto boot = lines.take("boot ");
  const auto owner = lines.take("owner ");
  const auto total = lines.take("total ");
  const auto etag = lines.take("etag ");
  auto disposition = parse_field(lines.take("disposition "));
  auto media_type = parse_field(lines.take("type "));
  if (!version || !version->empty() || !boot || !owner || !total || !etag || !disposition || !media_type)
    return std::nullopt;
  part_note note;
  note.boot = *boot;
  note.owner = *owner;
  note.body.etag = *etag;
  note.body.disposition = std::move(*disposition);
  note.body.media_type = std::move(*media_type);
  while (const auto line = lines.take("digest ")) {
    auto digest = parse_digest(*line);
    if (!digest) return std::nullopt;
    note.body.digests.push_back(std::move(*digest));
  }
  const auto end = lines.take("end");
  const auto length = core::parse_unsigned(*total);
  if (!end || !end->empty() || !lines.at_end() || !length) return std::nullopt;
  note.body.total = *length;
  const bool sound = is_word(note.boot) && is_word(note.owner) && note.owner.size() == owner_digits &&
                     core::strong_etag(*etag) == *etag && !etag->empty();
  if (!sound) return std::nullopt;
  return note;
}

std::string note_name(std::string_view part) {
  return fmt::format("{}.note", part.substr(0, part.size() - std::min(part.size(), part_suffix.size())));
}

int write_note(int folder, const std::string& part, std::string_view text) {
  const std::string name = note_name(part);
  // A power cut ends what a note is good for.
  return os::replace_file(folder, {.name = name, .fresh = name + ".new", .mode = file_mode, .synced = false},
                          text);
}

std::optional<left_part> open_left(int folder, const std::string& part) {
  auto note = read_note(folder, part);
  if (!note || note->boot != this_boot()) return std::nullopt;
  struct stat facts {};
  left_part left;
  left.file = open_plain(folder, part, O_RDWR, facts);
  if (!left.file || facts.st_size <= 0) return std::nullopt;
  const time_t age = ::time(nullptr) - facts.st_mtim.tv_sec;
  if (age > oldest || age < -oldest) return std::nullopt;
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  const std::uint64_t total = note->body.total;
  if (size > total || total < 2) return std::nullopt;
  left.found = std::min(size, total - 1);
  left.note = std::move(*note);
  return left;
}

}  // namespace pofetch::storage
