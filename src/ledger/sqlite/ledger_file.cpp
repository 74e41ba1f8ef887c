#include "ledger/sqlite/ledger_file.hpp"

#include "ledger/sqlite/schema.hpp"
#include "ledger/sqlite/statement.hpp"
#include "os/failure_of.hpp"
#include "os/replace_file.hpp"
#include "os/uninterrupted.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>

namespace pofetch::sqlite {
namespace fs = std::filesystem;

namespace {

failure refuse(const fs::path& file, std::string_view why) {
  return make_failure(errc::ledger, fmt::format("The ledger {} {}.", file.native(), why));
}

/// It is there, but is no ledger that can be used.
failure refuse_content(const fs::path& file, std::string_view why) {
  failure refused = refuse(file, why);
  refused.message.append(" ").append(damaged_advice());
  return refused;
}

/// The system says no.
failure refuse_access(const fs::path& file, std::string_view what, int error) {
  failure why = refuse(file, fmt::format("cannot be {}: {}", what, os::words_of(error)));
  if (os::code_of(error) == errc::disk_full) {
    why.code = errc::disk_full;
  } else {
    why.message += " See that the folder is there and may be written, then run the same command again.";
  }
  return why;
}

/// SQLite follows no links when it opens a file, not even in the path to it. Those on the way are the user's
/// own; the folder of the ledger is pofetch's, and a link in its place is none.
result<fs::path> real_path(const fs::path& file) {
  std::error_code error;
  const fs::path folder = fs::absolute(file, error).lexically_normal().parent_path();
  if (error) return refuse_access(file, "reached", error.value());
  if (fs::is_symlink(fs::symlink_status(folder, error)))
    return refuse(file, "is not beneath a folder, but behind a symbolic link, and links are not followed");
  const fs::path above = fs::canonical(folder.parent_path(), error);
  if (error) return refuse_access(file, "reached", error.value());
  return above / folder.filename() / file.filename();
}

/// What stands at the path: true a plain file, false nothing. Failure: anything else.
result<bool> is_there(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(file, error);
  if (status.type() == fs::file_type::not_found) return false;
  if (status.type() == fs::file_type::regular) return true;
  if (status.type() == fs::file_type::none) {
    return refuse_access(file, "looked at", error.value());
  }
  return refuse_content(file, "is not a plain file, but a folder, link or device");
}

/// A ledger with two names is two ledgers to SQLite, whose log belongs to one name; and what SQLite keeps
/// beside it is opened by its name, whatever stands there.
result<void> check_alone(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const fs::path each = file.native() + suffix;
    const auto there = is_there(each);
    if (!there) return there.error();
    std::error_code error;
    if (*there && fs::hard_link_count(each, error) > 1 && !error)
      return refuse(each, "has a second name (a hard link): copy it to a file of its own");
  }
  return {};
}

/// Reads the file's header without SQLite, which might already change a foreign file.
result<void> check_header(const fs::path& file) {
  constexpr std::size_t header_size = 100;
  constexpr std::size_t id_offset = 68;  // https://www.sqlite.org/fileformat2.html, 1.3
  std::array<char, header_size> head{};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return refuse_access(file, "read", errno);
  stream.read(head.data(), head.size());
  if (stream.gcount() == 0) return refuse_content(file, "is empty: it was cut off, or is no ledger");
  constexpr char magic[] = "SQLite format 3";
  if (std::memcmp(head.data(), magic, sizeof magic) != 0)
    return refuse_content(file, "is not a SQLite database");
  if (stream.gcount() < static_cast<std::streamsize>(header_size)) return refuse_content(file, "is cut off");
  std::int64_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = id * 256 + static_cast<unsigned char>(head[id_offset + i]);
  if (id != application_id) return refuse_content(file, "is a database of another program");
  return {};
}

result<void> set_identity(database& db) {
  const std::string mark = fmt::format("PRAGMA application_id = {}", application_id);
  return db.execute(mark.c_str());
}

/// Removes what a killed predecessor left under that name.
result<void> clear(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) return refuse_access(file, "removed", error.value());
  return {};
}

/// Brings a file or folder to stable storage.
result<void> sync(const fs::path& what) {
  constexpr int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
  const os::unique_fd handle(os::uninterrupted([&] { return ::open(what.c_str(), flags); }));
  const int error = handle ? os::sync(handle.get()) : errno;
  return error == 0 ? result<void>() : refuse_access(what, "brought to disk", error);
}

/// Addresses of a manifest may carry signatures. Where the mode cannot be changed, the file system has none,
/// or the file is another user's, whose business that is.
void keep_private(const fs::path& file) {
  constexpr auto owner_only = fs::perms::owner_read | fs::perms::owner_write;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const fs::path each = file.native() + suffix;
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(each, ignored);
    if (status.type() == fs::file_type::regular && (status.permissions() & ~owner_only) != fs::perms::none)
      fs::permissions(each, owner_only, ignored);
  }
}

/// A file for its owner alone; what SQLite puts beside it gets the same mode.
result<void> make_private(const fs::path& file) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const os::unique_fd made(os::uninterrupted([&] { return ::open(file.c_str(), flags, 0600); }));
  return made ? result<void>() : refuse_access(file, "made", errno);
}

/// Nobody needs the file before it is whole: it is synced once, by whoever renames it.
result<void> build(const fs::path& file) {
  if (auto made = make_private(file); !made) return made;
  auto db = database::open(file, access::create);
  if (!db) return db.error();
  // No file beside it either, which could fail in ways that SQLite does not tell.
  if (auto done = db->execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY"); !done) return done;
  if (auto done = set_identity(*db); !done) return done;
  if (auto done = migrate(*db, schema_migrations()); !done) return done;
  // Already here, where it costs no sync. It is asked for again when the ledger is opened.
  auto mode = db->text("PRAGMA journal_mode = WAL");
  return mode ? result<void>() : mode.error();
}

/// A new ledger is built beside its place and renamed: at no moment is there half a one.
result<void> create(const fs::path& file) {
  fs::path draft = file;
  draft += ".new";
  // A write-ahead log without its database would be taken for that of the new one.
  for (const char* suffix : {".new", ".new-journal", ".new-wal", ".new-shm", "-wal", "-shm", "-journal"}) {
    if (auto cleared = clear(file.native() + suffix); !cleared) return cleared;
  }
  if (auto built = build(draft); !built) return built;
  if (auto synced = sync(draft); !synced) return synced;
  std::error_code error;
  fs::rename(draft, file, error);
  if (error) return refuse_access(file, "renamed into place", error.value());
  return sync(file.parent_path());
}

result<void> prepare_for_work(database& db, bool durable) {
  // Where the file system cannot share memory, SQLite keeps its older journal, which is as safe.
  auto mode = db.text("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  if (auto done = db.execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF"); !done) {
    return done;
  }
  return db.execute(
      "PRAGMA foreign_keys = ON;"
      // What is erased is gone, not only free to be overwritten.
      "PRAGMA secure_delete = ON;"
      // 5 MiB: enough for the inner pages of the indexes, little enough for memory to stay flat.
      "PRAGMA cache_size = -5120;"
      // Fewer check points while a long list is read; the log stays below some 20 MB.
      "PRAGMA wal_autocheckpoint = 4000;"
      "PRAGMA journal_size_limit = 67108864;");
}

/// Everything that the file defines, as SQL.
result<std::string> definitions(database& db) {
  return db.text(
      "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT type || ' ' || name || ' ' || tbl_name "
      "|| "
      "' ' || coalesce(sql, '') AS line FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' "
      "ORDER BY line)");
}

/// Only what the migrations make: a trigger or a column that computes something would run with our
/// statements, and need never end.
result<void> check_tables(database& db) {
  auto fresh = database::open_temporary();
  if (!fresh) return fresh.error();
  if (auto done = migrate(*fresh, schema_migrations()); !done) return done;
  const auto expected = definitions(*fresh);
  if (!expected) return expected.error();
  const auto found = definitions(db);
  if (!found) return found.error();
  if (*found == *expected) return {};
  return make_failure(
      errc::ledger,
      fmt::format("The ledger is damaged: its tables are not those of a ledger. {}", damaged_advice()));
}

}  // namespace

result<database> open_for_work(const fs::path& file, bool durable) {
  const auto real = real_path(file);
  if (!real) return real.error();
  const auto there = is_there(*real);
  if (!there) return there.error();
  const auto ready = *there ? check_header(*real) : create(*real);
  if (!ready) return ready.error();
  if (auto alone = check_alone(*real); !alone) return alone.error();
  keep_private(*real);
  auto db = database::open(*real, access::read_write);
  if (!db) return db;
  // First of all, before anything is written: is the format known?
  if (auto known = known_version(*db, schema_migrations()); !known) return known.error();
  if (auto done = prepare_for_work(*db, durable); !done) return done.error();
  if (auto done = migrate(*db, schema_migrations()); !done) return done.error();
  // One that was made just now has them from the same steps.
  if (*there)
    if (auto done = check_tables(*db); !done) return done.error();
  return db;
}

result<database> open_for_reading(const fs::path& file) {
  const auto real = real_path(file);
  if (!real) return real.error();
  const auto there = is_there(*real);
  if (!there) return there.error();
  if (!*there) return refuse(*real, "is not there: no run was started in this folder");
  if (auto checked = check_header(*real); !checked) return checked.error();
  if (auto alone = check_alone(*real); !alone) return alone.error();
  auto db = database::open(*real, access::read_only);
  if (!db) return db;
  auto version = known_version(*db, schema_migrations());
  if (!version && !fs::exists(real->native() + "-wal") && ::access(real->parent_path().c_str(), W_OK) != 0) {
    // No lock file can be made here, and without a log there is none to heed.
    db = database::open(*real, access::frozen);
    if (!db) return db;
    version = known_version(*db, schema_migrations());
  }
  if (!version) return version.error();
  if (*version < schema_version) {
    return refuse(*real, fmt::format("has the older format {}: `pofetch run` brings it up to {}", *version,
                                     schema_version));
  }
  if (auto done = check_tables(*db); !done) return done.error();
  return db;
}

result<database> open_scratch() {
  auto db = database::open_temporary();
  if (!db) return db;
  if (auto done = set_identity(*db); !done) return done.error();
  if (auto done = migrate(*db, schema_migrations()); !done) return done.error();
  auto done =
      db->execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -5120");
  if (!done) return done.error();
  return db;
}

}  // namespace pofetch::sqlite
