#include "ledger/postgres/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <thread>

// The format of the ledger in PostgreSQL, in a schema of its own; several batches stand in it. Steps are only
// added: what a step made is never changed. Words and numbers are those of src/ledger/sqlite/schema.cpp,
// where the columns of runs, purchase_orders, attachments and listed_attachments are described; texts are as
// wire.hpp says.
//
// batches            state: intake (its list is being read), ready (there is work), finished
//   rescues          grows with every rescue, so that others look for free orders again
//   state            (step 2) also `finishing`: one node ends the run, nobody gets an order any more
//   token            no other batch has it, in whatever database: stands in the output folder
//   settings         JSON: what belongs to the batch and is the same for all nodes; empty: nobody said
//   list_sha256      of the list's bytes
//   wanted           run, pause, stop: what people want of all nodes
//   intaker, finisher  nodes that take the list in, and end the run
//
// nodes              an incarnation of a node: one start of a program. Identities are never used again
//   beat             grows with every sign of life: who sees the same for a whole lease takes the node for
//   dead seq              number of its last commit: tells after a lost connection whether that was done
//   state            alive, dead (others took its orders), gone (it gave them back)
//   seen             for people only: no decision comes of a clock
//   working          (step 2) takes part in the run
//   run, requests, retries  what it has done, once its part is over
//
// work               an order that is open in the present run; deleted when it is done
//   node             who holds it; NULL: nobody
//
// intents            files that are verified and about to be placed: an order a row, so that `attachments` is
//                    written once, when they are final
//   node             who places them
//   files            by key, a row of `attachments` each

namespace pofetch::postgres {
namespace {

constexpr const char* step_1 = R"sql(
CREATE SCHEMA pofetch;
CREATE TABLE pofetch.format (version integer NOT NULL);
INSERT INTO pofetch.format VALUES (0);

CREATE TABLE pofetch.batches (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  state text NOT NULL DEFAULT 'intake',
  rescues bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE pofetch.nodes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch bigint NOT NULL REFERENCES pofetch.batches,
  name text NOT NULL,
  version text NOT NULL,
  beat bigint NOT NULL DEFAULT 0,
  seq bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'alive',
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);
CREATE INDEX nodes_of_batch ON pofetch.nodes (batch);

CREATE TABLE pofetch.runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch bigint NOT NULL REFERENCES pofetch.batches,
  input text NOT NULL,
  source text NOT NULL,
  base_url text NOT NULL,
  columns text NOT NULL,
  started_at bigint NOT NULL,
  finished_at bigint,
  interrupted boolean NOT NULL DEFAULT true,
  requests bigint NOT NULL DEFAULT 0,
  retries bigint NOT NULL DEFAULT 0,
  elapsed_seconds double precision NOT NULL DEFAULT 0,
  intake_rows bigint NOT NULL DEFAULT 0,
  intake_repeated bigint NOT NULL DEFAULT 0,
  intake_invalid bigint NOT NULL DEFAULT 0,
  list bigint,
  listing text NOT NULL DEFAULT '',
  listed_to text NOT NULL DEFAULT '',
  taken_in boolean NOT NULL DEFAULT false
);
CREATE INDEX runs_of_batch ON pofetch.runs (batch, id);

CREATE TABLE pofetch.purchase_orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  position bigint NOT NULL,
  line bigint NOT NULL,
  number text NOT NULL,
  prefix text NOT NULL,
  supplier text NOT NULL,
  breaker_group text NOT NULL,
  cells text NOT NULL,
  folder text NOT NULL,
  folder_key text COLLATE "C",
  folder_status integer,
  plain_folder text,
  found_supplier text NOT NULL DEFAULT '',
  status integer NOT NULL,
  url text NOT NULL DEFAULT '',
  error_code text NOT NULL DEFAULT '',
  error_message text NOT NULL DEFAULT '',
  attachments_found bigint NOT NULL DEFAULT 0,
  attachments_downloaded bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  last_processed bigint,
  last_checked bigint,
  updated_at text NOT NULL DEFAULT '',
  changed boolean NOT NULL DEFAULT false,
  pages text NOT NULL DEFAULT '',
  UNIQUE (batch, key),
  UNIQUE (batch, folder_key) DEFERRABLE
) WITH (fillfactor = 60);
CREATE INDEX purchase_orders_in_list ON pofetch.purchase_orders (batch, generation, position);

CREATE TABLE pofetch.attachments (
  po_id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  ordinal bigint NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  status integer NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  media_type text NOT NULL,
  attempts bigint NOT NULL,
  mtime_ns bigint NOT NULL,
  error_code text NOT NULL,
  error_message text NOT NULL,
  validator text NOT NULL,
  listed_at text NOT NULL,
  flags bigint NOT NULL,
  PRIMARY KEY (po_id, key)
);

CREATE TABLE pofetch.intents (
  po_id bigint PRIMARY KEY,
  batch bigint NOT NULL,
  node bigint NOT NULL,
  files jsonb NOT NULL
);

CREATE TABLE pofetch.listed_attachments (
  po_id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  generation bigint NOT NULL,
  position bigint NOT NULL,
  line bigint NOT NULL,
  url text NOT NULL,
  "authorization" text NOT NULL,
  name text NOT NULL,
  size bigint,
  sha256 text NOT NULL,
  problem text NOT NULL,
  alike bigint NOT NULL,
  PRIMARY KEY (po_id, key)
);
CREATE INDEX listed_attachments_by_address ON pofetch.listed_attachments (po_id, hashtextextended(url, 0));

CREATE TABLE pofetch.folder_moves (
  po_id bigint PRIMARY KEY,
  batch bigint NOT NULL,
  folder text NOT NULL,
  folder_key text COLLATE "C" NOT NULL,
  folder_status integer,
  UNIQUE (batch, folder_key)
);

CREATE TABLE pofetch.work (
  po_id bigint PRIMARY KEY,
  batch bigint NOT NULL,
  position bigint NOT NULL,
  node bigint
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX work_free ON pofetch.work (batch, position) WHERE node IS NULL;
CREATE INDEX work_held ON pofetch.work (node) WHERE node IS NOT NULL;

-- The present list: the generation of its orders; 0 before the first run.
CREATE FUNCTION pofetch.generation(of_batch bigint) RETURNS bigint LANGUAGE sql STABLE AS $f$
  SELECT coalesce((SELECT coalesce(list, id) FROM pofetch.runs WHERE batch = of_batch ORDER BY id DESC LIMIT 1), 0)
$f$;

-- Fails for the id of an order that is not there.
CREATE FUNCTION pofetch.must_know(of_batch bigint, ids bigint[]) RETURNS void LANGUAGE plpgsql AS $f$
DECLARE missing bigint;
BEGIN
  SELECT i INTO missing FROM unnest(ids) AS i
    WHERE NOT EXISTS (SELECT 1 FROM pofetch.purchase_orders AS p WHERE p.id = i AND p.batch = of_batch) LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'the ledger has no purchase order with the id %', missing USING ERRCODE = 'PF002';
  END IF;
END $f$;

CREATE FUNCTION pofetch.sign_of_life(me bigint) RETURNS void LANGUAGE plpgsql AS $f$
BEGIN
  UPDATE pofetch.nodes SET beat = beat + 1, seen = clock_timestamp() WHERE id = me AND state = 'alive';
  IF NOT FOUND THEN RAISE EXCEPTION 'the lease is lost' USING ERRCODE = 'PF001'; END IF;
END $f$;

CREATE FUNCTION pofetch.fence(me bigint, next bigint) RETURNS void LANGUAGE plpgsql AS $f$
BEGIN
  UPDATE pofetch.nodes SET beat = beat + 1, seq = next, seen = clock_timestamp()
    WHERE id = me AND state = 'alive' AND seq = next - 1;
  IF NOT FOUND THEN RAISE EXCEPTION 'the lease is lost' USING ERRCODE = 'PF001'; END IF;
END $f$;
)sql";

constexpr const char* step_2 = R"sql(
ALTER TABLE pofetch.batches
  ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN settings text NOT NULL DEFAULT '',
  ADD COLUMN list_sha256 text NOT NULL DEFAULT '',
  ADD COLUMN wanted text NOT NULL DEFAULT 'run',
  ADD COLUMN intaker bigint,
  ADD COLUMN finisher bigint;
ALTER TABLE pofetch.nodes
  ADD COLUMN working boolean NOT NULL DEFAULT false,
  ADD COLUMN run bigint,
  ADD COLUMN requests bigint NOT NULL DEFAULT 0,
  ADD COLUMN retries bigint NOT NULL DEFAULT 0;

CREATE FUNCTION pofetch.others_work(of_batch bigint, me bigint) RETURNS boolean LANGUAGE sql STABLE AS $f$
  SELECT EXISTS (SELECT 1 FROM pofetch.nodes WHERE batch = of_batch AND id <> me AND working AND state = 'alive')
$f$;

-- What a node that comes does: see postgres_ledger::enter. A batch's row is locked by whoever decides.
CREATE FUNCTION pofetch.enter(of_batch bigint, me bigint, list text) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE b pofetch.batches; others boolean; whole boolean;
BEGIN
  SELECT * INTO b FROM pofetch.batches WHERE id = of_batch FOR UPDATE;
  others := pofetch.others_work(of_batch, me);
  IF others AND list <> '' AND b.list_sha256 <> '' AND list <> b.list_sha256 THEN RETURN 'other list'; END IF;
  IF others AND b.state = 'ready' THEN
    UPDATE pofetch.nodes SET working = true WHERE id = me;
    RETURN 'join';
  END IF;
  -- Orders of dead nodes are free first of all.
  IF others OR EXISTS (SELECT 1 FROM pofetch.nodes AS n WHERE n.batch = of_batch AND n.state = 'dead' AND
      (EXISTS (SELECT 1 FROM pofetch.work AS w WHERE w.node = n.id) OR
       EXISTS (SELECT 1 FROM pofetch.intents AS i WHERE i.batch = of_batch AND i.node = n.id))) THEN
    RETURN 'wait';
  END IF;
  whole := coalesce((SELECT taken_in FROM pofetch.runs WHERE batch = of_batch ORDER BY id DESC LIMIT 1), false);
  IF list = '' AND NOT whole THEN RETURN 'no list'; END IF;
  UPDATE pofetch.batches SET state = 'intake', intaker = me, finisher = NULL, wanted = 'run',
    list_sha256 = CASE WHEN list = '' THEN list_sha256 ELSE list END WHERE id = of_batch;
  UPDATE pofetch.nodes SET working = true WHERE id = me;
  RETURN CASE WHEN list = '' THEN 'go on' ELSE 'take in' END;
END $f$;

-- Who ends the run: see postgres_ledger::begin_finish.
CREATE FUNCTION pofetch.begin_finish(of_batch bigint, me bigint, of_run bigint) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE b pofetch.batches;
BEGIN
  SELECT * INTO b FROM pofetch.batches WHERE id = of_batch FOR UPDATE;
  IF b.state NOT IN ('ready', 'finishing') OR of_run <> (SELECT max(id) FROM pofetch.runs WHERE batch = of_batch) THEN
    RETURN 'ended';
  END IF;
  IF b.state = 'finishing' AND b.finisher <> me AND
      EXISTS (SELECT 1 FROM pofetch.nodes WHERE id = b.finisher AND state = 'alive') THEN
    RETURN 'wait';
  END IF;
  UPDATE pofetch.batches SET state = 'finishing', finisher = me WHERE id = of_batch;
  RETURN CASE WHEN EXISTS (SELECT 1 FROM pofetch.work WHERE batch = of_batch AND node IS NOT NULL AND node <> me)
    THEN 'wait' ELSE 'finish' END;
END $f$;

-- A node stops before the work is done. True: no other one works, so it tells how far the run has come.
CREATE FUNCTION pofetch.stop_working(of_batch bigint, me bigint) RETURNS boolean LANGUAGE plpgsql AS $f$
DECLARE others boolean;
BEGIN
  PERFORM 1 FROM pofetch.batches WHERE id = of_batch FOR UPDATE;
  others := pofetch.others_work(of_batch, me);
  UPDATE pofetch.nodes SET working = NOT others WHERE id = me;
  RETURN NOT others;
END $f$;
)sql";

constexpr std::array<const char*, 2> steps{step_1, step_2};

failure newer(std::int64_t version) {
  return make_failure(
      errc::ledger,
      fmt::format("The ledger has format {}, which only a newer pofetch knows (this one knows {}): "
                  "use that one.",
                  version, steps.size()));
}

struct found_version {
  std::int64_t version = 0;  ///< 0: there is no schema
  std::optional<refusal> error{};
};

found_version read_version(connection& link, connection::deadline until) {
  const std::array<command, 1> look{command("SELECT to_regclass('pofetch.format') IS NOT NULL AS there")};
  const reply there = link.run(look, until);
  if (there.error) return {0, there.error};
  if (!there.tables[0].truth(0, "there")) return {};
  const std::array<command, 1> read{command("SELECT version FROM pofetch.format")};
  const reply got = link.run(read, until);
  if (got.error) return {0, got.error};
  return {got.tables[0].size() == 0 ? 0 : got.tables[0].integer(0, "version"), {}};
}

result<void> check_database(const connection& link) {
  constexpr int oldest = 130000;
  if (link.version() < oldest)
    return make_failure(
        errc::config,
        fmt::format("The ledger's server is PostgreSQL {}; 13 or later is needed.", link.version() / 10000));
  if (link.parameter("server_encoding") != "UTF8")
    return make_failure(
        errc::config, fmt::format("The ledger's database has the encoding {}: make one with ENCODING 'UTF8'.",
                                  link.parameter("server_encoding")));
  return {};
}

/// All steps that are missing, with the lock, as one transaction.
std::string missing_steps(std::int64_t version) {
  std::string sql =
      "DO $do$ BEGIN IF NOT pg_try_advisory_xact_lock(7308895159826219109) THEN RAISE EXCEPTION "
      "'another one is at it' USING ERRCODE = '55P03'; END IF; END $do$;";
  for (std::size_t i = static_cast<std::size_t>(version); i < steps.size(); ++i) sql += steps[i];
  sql += fmt::format("UPDATE pofetch.format SET version = {};", steps.size());
  return sql;
}

}  // namespace

result<void> prepare_schema(connection& link, connection::deadline until) {
  if (auto usable = check_database(link); !usable) return usable;
  for (;;) {
    const found_version found = read_version(link, until);
    if (found.error) return found.error->why;
    if (found.version > static_cast<std::int64_t>(steps.size())) return newer(found.version);
    if (found.version == static_cast<std::int64_t>(steps.size())) return {};
    const reply made = link.execute(missing_steps(found.version), until);
    if (!made.error) return {};
    // Somebody else makes it at this moment, or has just done so.
    const bool raced = made.error->is_passing() || made.error->state == "42P06" ||
                       made.error->state == "42P07" || made.error->state == "23505";
    if (made.error->lost || !raced || connection::deadline::clock::now() >= until) return made.error->why;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

result<void> check_schema(connection& link, connection::deadline until) {
  const found_version found = read_version(link, until);
  if (found.error) return found.error->why;
  if (found.version == 0) return make_failure(errc::input, "There is no batch in this database yet.");
  if (found.version > static_cast<std::int64_t>(steps.size())) return newer(found.version);
  if (found.version < static_cast<std::int64_t>(steps.size()))
    return make_failure(errc::ledger,
                        "The ledger was written by an older pofetch: a run brings it up to date.");
  return {};
}

}  // namespace pofetch::postgres
