#include "ledger/postgres/intake.hpp"

#include "ledger/json_list.hpp"
#include "ledger/postgres/intake_page.hpp"
#include "ledger/words.hpp"

#include <utility>

namespace pofetch::postgres {

result<void> intake::commit(std::vector<command> commands) {
  const auto done = where_.db.commit(std::move(commands));
  if (!done) return done.error();
  if (done->fenced)
    return make_failure(errc::ledger,
                        "This node was taken for dead while it read the list: another one reads it.");
  return {};
}

result<void> intake::begin(const run_info& info) {
  const std::string columns = records::to_json(info.columns);
  std::vector<command> commands;
  commands.emplace_back(
      "INSERT INTO pofetch.runs (batch, input, source, base_url, columns, started_at, listing, list, "
      "listed_to) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, (SELECT coalesce(list, id) FROM pofetch.runs WHERE batch = $1 AND $8 "
      "ORDER BY id DESC "
      "LIMIT 1), coalesce((SELECT listed_to FROM pofetch.runs WHERE batch = $1 AND $8 ORDER BY id DESC LIMIT "
      "1), ''))",
      where_.batch, info.input, info.source, info.base_url, columns,
      records::to_milliseconds(info.started_at), info.listing, info.goes_on);
  commands.emplace_back("UPDATE pofetch.batches SET state = 'intake' WHERE id = $1", where_.batch);
  if (auto done = commit(std::move(commands)); !done) return done;
  const auto row =
      where_.db.ask(command("SELECT max(r.id) AS run, pofetch.generation($1) AS generation, CASE WHEN $2 "
                            "THEN (SELECT coalesce(max(position), "
                            "0) FROM pofetch.purchase_orders WHERE batch = $1 AND generation = "
                            "pofetch.generation($1)) ELSE 0 END AS position "
                            "FROM pofetch.runs AS r WHERE r.batch = $1",
                            where_.batch, info.goes_on));
  if (!row) return row.error();
  run_ = row->integer(0, "run");
  generation_ = row->integer(0, "generation");
  position_ = row->integer(0, "position");
  goes_on_ = info.goes_on;
  counts_ = {};
  return {};
}

result<void> intake::resume(std::chrono::system_clock::time_point started_at) {
  std::vector<command> commands;
  commands.emplace_back(
      "INSERT INTO pofetch.runs (batch, input, source, base_url, columns, started_at, listing, list, "
      "listed_to, taken_in, "
      "intake_rows, intake_repeated, intake_invalid) SELECT batch, input, source, base_url, columns, "
      "$2::bigint, listing, "
      "coalesce(list, id), listed_to, true, intake_rows, intake_repeated, intake_invalid FROM pofetch.runs "
      "WHERE id = "
      "(SELECT max(id) FROM pofetch.runs WHERE batch = $1) AND taken_in",
      where_.batch, records::to_milliseconds(started_at));
  const auto before =
      where_.db.ask(command("SELECT coalesce((SELECT taken_in FROM pofetch.runs WHERE batch = $1 ORDER BY id "
                            "DESC LIMIT 1), false) AS whole",
                            where_.batch));
  if (!before) return before.error();
  if (!before->truth(0, "whole"))
    return make_failure(errc::ledger,
                        "There is no list here that was read to its end: run again with the list.");
  commands.emplace_back("UPDATE pofetch.batches SET state = 'intake' WHERE id = $1", where_.batch);
  return commit(std::move(commands));
}

result<void> intake::add(std::span<const po_entry> entries) {
  if (generation_ == 0) return make_failure(errc::ledger, "Entries were added before a run was begun.");
  if (entries.empty()) return {};
  intake_page page(where_, {generation_, position_, goes_on_, counts_});
  if (auto read = page.look_up(entries); !read) return read;
  for (const po_entry& entry : entries)
    if (auto taken = page.take(entry); !taken) return taken;
  std::vector<command> commands;
  page.write(commands);
  if (auto done = commit(std::move(commands)); !done) return done;
  position_ = page.at().position;
  counts_ = page.at().counts;
  return {};
}

result<intake_counts> intake::end() {
  if (generation_ == 0) return make_failure(errc::ledger, "A list was ended before a run was begun.");
  std::vector<command> commands;
  commands.emplace_back(
      "DELETE FROM pofetch.listed_attachments AS l USING pofetch.purchase_orders AS p WHERE p.id = l.po_id "
      "AND p.batch = $1 "
      "AND l.generation <> $2",
      where_.batch, generation_);
  commands.emplace_back(
      "UPDATE pofetch.runs SET taken_in = true, intake_rows = $2, intake_repeated = $3, intake_invalid = $4 "
      "WHERE id = $1",
      run_, counts_.rows, counts_.repeated, counts_.invalid);
  if (auto done = commit(std::move(commands)); !done) return done.error();
  return counts_;
}

}  // namespace pofetch::postgres
