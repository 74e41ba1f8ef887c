#include "engine/batch/objects_of.hpp"

#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "os/read_write.hpp"
#include "os/replacement_file.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace pofetch::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_address = 4096;

/// Beside the ledger; says which output it is of. A ledger without it is that of its own folder.
fs::path mark_beside(const fs::path& ledger) { return ledger.parent_path() / "output"; }

result<void> write_mark(const fs::path& mark, const std::string& address) {
  auto file = os::replacement_file::create(mark);
  if (!file) return file.error();
  if (auto written = (*file)->write(address); !written) return written;
  return (*file)->commit();
}

}  // namespace

result<objects::store_setup> store_setup_of(const batch_options& options) {
  auto where = objects::parse_output(options.out);
  if (!where) return where.error();
  objects::store_setup made{std::move(*where), options.objects, options.pool, options.network};
  made.batch = fs::path(options.input).stem().string();
  return made;
}

result<void> claim_home(const storage::file_store& home, const batch_options& options) {
  const fs::path mark = mark_beside(home.ledger_path());
  const std::string known = os::read_file(mark, longest_address).bytes;
  const std::string wanted = is_object_address(options.out) ? options.out.string() : std::string();
  if (known == wanted) return {};
  std::error_code ignored;
  const bool is_new = known.empty() && !fs::exists(home.ledger_path(), ignored);
  if (is_new) return write_mark(mark, wanted);
  if (wanted.empty())
    return core::refused(core::sentence(
        "@out: '{}' is the state of {}, not a folder for files; give another.", home.path().string(), known));
  return core::refused(core::sentence("@state: the ledger in '{}' is that of {}; give another folder.",
                                      home.path().string(),
                                      known.empty() ? std::string("the files in that folder") : known));
}

}  // namespace pofetch::engine
