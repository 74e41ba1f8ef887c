// What can be asked and wanted of a batch on many machines, from anywhere.
#include "engine/node/shared_batch.hpp"

#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "engine/batch/batch_reading.hpp"
#include "engine/node/batch_settings.hpp"
#include "ledger/postgres/postgres_ledger.hpp"
#include "pipeline/folder_status.hpp"
#include "pipeline/verifier.hpp"
#include "storage/file_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

namespace pofetch::engine {
namespace {

failure no_such(const std::string& name, const std::vector<std::string>& there) {
  return make_failure(
      errc::input, there.empty()
                       ? core::sentence("@batch: there is no batch '{}' in this ledger, nor any other.", name)
                       : core::sentence("@batch: there is no batch '{}' in this ledger; there are: {}.", name,
                                        fmt::join(there, ", ")));
}

/// A reader that makes nothing.
struct opened_shared {
  std::unique_ptr<postgres::postgres_ledger> records;
  postgres::batch_facts facts;
  std::filesystem::path out;
};

result<opened_shared> open_shared(const shared_ledger& where, const std::filesystem::path& out) {
  auto server = server_of(where, false);
  if (!server) return server.error();
  auto db = postgres::session::open(*server);
  if (!db) return db.error();
  const auto name = find_name(*db, where);
  if (!name) return name.error();
  auto records = postgres::postgres_ledger::open({std::move(*server), *name, {}});
  if (!records) return records.error();
  auto facts = (*records)->facts();
  if (!facts) return facts.error();
  batch_options shown;
  shown.out = out;
  if (!facts->settings.empty() && out.empty()) {
    if (auto agreed = agree(shown, facts->settings, facts->source); !agreed) return agreed.error();
  }
  return opened_shared{std::move(*records), std::move(*facts), std::move(shown.out)};
}

}  // namespace

result<postgres::session_options> server_of(const shared_ledger& where, bool to_write,
                                            std::function<bool()> stopped) {
  auto address = postgres::address::read(where.address);
  if (!address) return address.error();
  return postgres::session_options{std::move(*address), to_write, where.timeout, std::move(stopped)};
}

result<std::string> find_name(postgres::session& db, const shared_ledger& where) {
  const auto names = postgres::list_batches(db);
  if (!names) return names.error();
  if (!where.batch.empty()) {
    for (const std::string& each : names->all)
      if (each == where.batch) return each;
    return no_such(where.batch, names->all);
  }
  if (names->open.size() == 1) return names->open.front();
  if (names->open.empty() && names->all.size() == 1) return names->all.front();
  if (names->all.empty()) return make_failure(errc::input, "There is no batch in this ledger yet.");
  return make_failure(errc::input,
                      core::sentence("Several batches are in this ledger, so @batch has to name one: {}.",
                                     fmt::join(names->all, ", ")));
}

}  // namespace pofetch::engine

namespace pofetch {

result<batch_options> settle_with_nodes(batch_options given, const std::function<bool()>& stopped) {
  const bool has_list = !given.input.empty() || given.all;
  if (given.input == "-")
    return core::refused(core::spelled("@ledger needs a list in a file: all nodes read the same one"));
  if (given.nodes.batch.empty() && !given.input.empty())
    given.nodes.batch = std::filesystem::path(given.input).stem().string();
  if (given.nodes.batch.empty() && given.all)
    return core::refused(core::spelled("@all with @ledger needs @batch: a name for what is fetched"));
  auto server = engine::server_of(given.nodes, true, stopped);
  if (!server) return server.error();
  auto db = postgres::session::open(std::move(*server));
  if (!db) return db.error();
  if (!has_list) {
    auto name = engine::find_name(*db, given.nodes);
    if (!name) return name.error();
    given.nodes.batch = std::move(*name);
  }
  const auto found = postgres::read_batch(*db, given.nodes.batch);
  if (!found) return found.error();
  if (*found && !(*found)->settings.empty()) {
    if (auto agreed = engine::agree(given, (*found)->settings, (*found)->source); !agreed)
      return agreed.error();
  }
  // The list says by itself whether it names files; who has none knows it from others.
  if (!has_list && *found && given.source == source_kind() && !(*found)->source.empty())
    given.source = engine::source_named((*found)->source);
  if (given.out.empty())
    return core::refused(core::spelled("@out=DIR is missing: the folder that all nodes share"));
  return given;
}

result<verify_result> verify_batch(const shared_ledger& where, const std::filesystem::path& out,
                                   const std::function<void(const damage&)>& found) {
  auto opened = engine::open_shared(where, out);
  if (!opened) return opened.error();
  auto files = storage::file_store::open(opened->out, durability::none, false);
  if (!files) return files.error();
  if (auto settled = pipeline::settle_moves(*opened->records, **files); !settled) return settled.error();
  return pipeline::verify(*opened->records, **files, found);
}

result<batch_status> read_status(const shared_ledger& where) {
  auto opened = engine::open_shared(where, {});
  if (!opened) return opened.error();
  auto now = engine::status_in(*opened->records);
  if (!now) return now;
  auto nodes = opened->records->nodes();
  if (!nodes) return nodes.error();
  now->name = opened->records->batch_name();
  now->nodes = std::move(*nodes);
  now->wanted = opened->facts.wanted;
  return now;
}

result<void> write_batch_report(const shared_ledger& where, const std::filesystem::path& out,
                                const std::filesystem::path& to) {
  const auto format = lists::report_format_of(to);
  if (!format) return format.error();
  auto opened = engine::open_shared(where, out);
  if (!opened) return opened.error();
  return engine::report_to(to, *format, *opened->records, opened->out);
}

result<std::string> tell_nodes(const shared_ledger& where, node_wish wish) {
  auto server = engine::server_of(where, true);
  if (!server) return server.error();
  auto db = postgres::session::open(std::move(*server));
  if (!db) return db.error();
  auto name = engine::find_name(*db, where);
  if (!name) return name.error();
  constexpr std::array<const char*, 3> words{"run", "pause", "stop"};
  const auto done = postgres::want(*db, *name, words[static_cast<std::size_t>(wish)]);
  if (!done) return done.error();
  return std::move(*name);
}

bool has_ledger_password(const std::string& address) { return postgres::has_password(address); }

}  // namespace pofetch
