#include "lists/xlsx/zip_archive.hpp"

#include "core/ascii.hpp"
#include "lists/show.hpp"
#include "os/read_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zip.h>

namespace pofetch::lists {
namespace {

using namespace std::string_view_literals;

failure broken_off(const std::string& name) {
  return make_failure(errc::input,
                      name +
                          " is not whole: the end of the workbook is missing, as while it is still being "
                          "written, copied or downloaded; wait until that is done, or get it again.");
}

/// A number of `count` bytes, the lowest first.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// How long the directory is that the end record at `at` of the tail announces (APPNOTE 4.3.14 to 4.3.16).
std::uint64_t directory_size(int fd, std::string_view tail, std::size_t at) {
  constexpr std::size_t locator_size = 20;
  constexpr std::size_t big_record_size = 56;
  const bool is_big = at >= locator_size && tail.substr(at - locator_size).starts_with("PK\x06\x07"sv);
  if (!is_big) return number_at(tail, at + 12, 4);
  const std::string record =
      os::read_at(fd, number_at(tail, at - locator_size + 8, 8), big_record_size).bytes;
  return record.size() == big_record_size ? number_at(record, 40, 8) : number_at(tail, at + 12, 4);
}

/// libzip takes the whole directory into memory: its size is looked at before.
result<void> check_directory(int fd, std::uint64_t size, const std::string& name) {
  constexpr std::size_t record_size = 22;
  constexpr std::size_t tail_size = record_size + 0xFFFF + 20;
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, tail_size));
  const std::string tail = os::read_at(fd, size - wanted, wanted).bytes;
  bool found = false;
  for (std::size_t at = tail.find("PK\x05\x06"sv); at != std::string::npos;
       at = tail.find("PK\x05\x06"sv, at + 1)) {
    if (at + record_size > tail.size()) break;
    found = true;
    if (directory_size(fd, tail, at) > max_zip_directory)
      return make_failure(errc::input, name + " is no usable workbook: it has far too many parts.");
  }
  if (!found) return broken_off(name);
  return {};
}

/// One part, inflated. What it unpacks to is counted, whatever the archive says of it.
class zip_part final : public byte_source {
 public:
  /// `packed` 0: whatever it unpacks to is fine.
  zip_part(zip_file_t* file, std::string name, std::uint64_t packed)
      : file_(file), name_(std::move(name)), packed_(packed) {}
  ~zip_part() override { zip_fclose(file_); }
  zip_part(const zip_part&) = delete;
  zip_part& operator=(const zip_part&) = delete;

  result<std::size_t> read(std::span<char> buffer) override {
    const zip_int64_t got = zip_fread(file_, buffer.data(), buffer.size());
    if (got < 0) {
      return make_failure(errc::input,
                          fmt::format("{} is damaged: {}; save it again in the spreadsheet program, or "
                                      "get it again.",
                                      name_, zip_file_strerror(file_)));
    }
    unpacked_ += static_cast<std::uint64_t>(got);
    const bool swells = unpacked_ > trusted_part_size && unpacked_ / max_part_ratio > packed_;
    if (packed_ > 0 && (swells || unpacked_ > max_part_size)) {
      return make_failure(
          errc::input,
          fmt::format("{} unpacks to far more than a sheet ever does (a 'zip bomb'): {} bytes have "
                      "become more than {} MiB; it is not read on.",
                      name_, packed_, unpacked_ >> 20U));
    }
    return static_cast<std::size_t>(got);
  }

 private:
  zip_file_t* file_;
  std::string name_;
  std::uint64_t packed_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

result<std::unique_ptr<zip_archive>> zip_archive::open(int fd, const std::string& name, trust given) {
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || facts.st_size <= 0) return broken_off(name);
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  auto checked = check_directory(fd, size, name);
  if (!checked) return checked.error();
  const int own = ::dup(fd);
  if (own < 0) return make_failure(errc::input, "Cannot read " + name + ": too many files are open.");
  int problem = 0;
  zip_t* archive = zip_fdopen(own, 0, &problem);  // on success it owns the descriptor
  if (archive == nullptr) {
    ::close(own);
    return broken_off(name);
  }
  return std::unique_ptr<zip_archive>(new zip_archive(archive, name, size, given));
}

std::string part_key(std::string_view part) {
  std::string key = core::to_lower(part);
  std::replace(key.begin(), key.end(), '\\', '/');
  return key.substr(std::min(key.find_first_not_of('/'), key.size()));
}

zip_archive::zip_archive(::zip* archive, std::string name, std::uint64_t size, trust given)
    : archive_(archive), name_(std::move(name)), size_(size), trust_(given) {
  const zip_int64_t count = zip_get_num_entries(archive_, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* const part = zip_get_name(archive_, static_cast<zip_uint64_t>(i), 0);
    if (part != nullptr) places_.emplace(part_key(part), static_cast<std::uint64_t>(i));
  }
}

zip_archive::~zip_archive() { zip_discard(archive_); }

bool zip_archive::has(const std::string& part) const { return places_.contains(part_key(part)); }

result<std::unique_ptr<byte_source>> zip_archive::open_part(const std::string& part) const {
  const auto place = places_.find(part_key(part));
  zip_stat_t facts{};
  if (place == places_.end() || zip_stat_index(archive_, place->second, 0, &facts) != 0) {
    return make_failure(errc::input, fmt::format("{} is damaged: it lacks its part {}; save it again in the "
                                                 "spreadsheet program.",
                                                 name_, show(part)));
  }
  zip_file_t* file = zip_fopen_index(archive_, place->second, 0);
  if (file == nullptr) {
    const bool locked = zip_error_code_zip(zip_get_error(archive_)) == ZIP_ER_NOPASSWD;
    const std::string why = locked ? "it is protected with a password; remove the password and save it again"
                                   : std::string("it is damaged: ") + zip_strerror(archive_);
    return make_failure(errc::input, fmt::format("{} cannot be read: {}.", name_, why));
  }
  const bool has_size = (facts.valid & ZIP_STAT_COMP_SIZE) != 0;
  const std::uint64_t packed = has_size ? std::clamp<std::uint64_t>(facts.comp_size, 1, size_) : size_;
  return std::unique_ptr<byte_source>(new zip_part(file, name_, trust_ == trust::own_work ? 0 : packed));
}

}  // namespace pofetch::lists
