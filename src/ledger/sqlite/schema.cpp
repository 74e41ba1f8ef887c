#include "ledger/sqlite/schema.hpp"

#include <array>

// The ledger's format. It outlives the program: what stands here is never changed, a new version adds
// a step below. Numbers of states are those of purchase_order.hpp and attachment.hpp.
//
// A file is a SQLite 3 database with application_id 0x504F4654 ("POFT") and user_version 4.
// Times are milliseconds since 1970-01-01T00:00:00Z (`mtime_ns`: nanoseconds). Lists of texts are JSON
// arrays of strings. Texts are UTF-8 as a rule, but any bytes are kept. `error_code` is the word that
// stands in reports (`timeout`, `http_404`), empty if there is no error.
//
// runs               one row a run; the one with the largest id is the present one
//   id               also the generation of the list that it read
//   input            the list's file name, or `-`
//   source           web, api, manifest
//   base_url         masked
//   columns          the list's column names
//   started_at
//   finished_at      NULL: killed, or still running
//   interrupted      1: stopped, killed, or still running
//   requests, retries, elapsed_seconds
//   intake_rows, intake_repeated, intake_invalid   0 until the list has been read to its end
//   list             the run whose list goes on in this one (its id is the generation); NULL: its own
//   listing          of a list that the instance gives: what was asked for; empty for other lists
//   taken_in         1: the list was read to its end
//   listed_to        up to which time of change that list has been read, as written there; empty: not known
//
// purchase_orders    one row for every key that any list ever named
//   key              what makes two rows of lists the same PO: its number, without leading zeros but in a
//   manifest
//                    (files of 0.1.0: with them, until the next run)
//   generation       the last list that it stood in (runs.id)
//   position         its place in that list, from 1
//   line             its line there
//   number, prefix, supplier, breaker_group, cells   as that list has them
//   folder           relative to the output folder; may be that of an earlier list if files are in it
//   folder_key       folder, case folded: no two POs share one. NULL: has no folder (INVALID)
//   found_supplier   as the source said it; empty: not said
//   status           po_status
//   url              masked address of its page
//   error_code, error_message
//   attachments_found, attachments_downloaded, bytes   sums over its attachments, as of the last record
//   last_processed   NULL: never
//   folder_status    the po_status in whose name `folder` ends; NULL: in none
//   plain_folder     what `folder` is without it; NULL where folder_status is
//   last_checked     when the last look began that read its list of attachments whole; NULL: never
//   updated_at       its time of change as the source wrote it at that look; empty: not said
//   changed          1: the source has said another one since
//   pages            pages of that look: address, validator, address, validator, ...; empty: [] or not known
//
// attachments        what is known of the attachments of one PO
//   key              identity within the PO; of its n-th version behind a U+001F and n, from the second on
//   ordinal          place in the source's list, from 0
//   name             within the PO's folder; empty: not given yet
//   url              masked
//   status           attachment_status
//   bytes, sha256 (64 hexadecimal digits or empty), media_type, attempts
//   mtime_ns         of the final file; 0: unknown
//   error_code, error_message
//   validator        entity-tag or Last-Modified of the answer that gave the file; empty: none
//   listed_at        time of change as the source listed it for this content; empty: not said
//   flags            1: the source does not list it any more; 2: it has had another version since
//
// listed_attachments what the present list says of attachments (a manifest); other lists have no row here
//   key              as in attachments
//   generation       the list; rows of an earlier one may be there while a list is read
//   position         place of the line in that list, from 1
//   line             its line there
//   url              with its secrets, authorization beside it: both are erased once the file is there
//   name, size, sha256   as announced; size NULL: not said
//   problem          why the line cannot be used; empty: it can
//   alike            addresses that would have this key, of one without a number
//   mark             of a key with a number: a hash of its address, good for one reading of the list
//
// open_intents       POs that may have `committing` attachments (every one that has is here)
//
// folder_moves       POs whose folder is about to get another name; on the disk it has either
//   folder, folder_key, folder_status   as they are to be in purchase_orders
//
// `attachments` is kept without index and foreign key on purpose: its rows are written twice for every
// file, and either costs a fifth of a write. `open_intents` leads to what a killed run left.

namespace pofetch::sqlite {
namespace {

constexpr const char* version_1 = R"sql(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  input TEXT NOT NULL,
  source TEXT NOT NULL,
  base_url TEXT NOT NULL,
  columns TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  interrupted INTEGER NOT NULL DEFAULT 1,
  requests INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0,
  elapsed_seconds REAL NOT NULL DEFAULT 0,
  intake_rows INTEGER NOT NULL DEFAULT 0,
  intake_repeated INTEGER NOT NULL DEFAULT 0,
  intake_invalid INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE purchase_orders (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  number TEXT NOT NULL,
  prefix TEXT NOT NULL,
  supplier TEXT NOT NULL,
  breaker_group TEXT NOT NULL,
  cells TEXT NOT NULL,
  folder TEXT NOT NULL,
  folder_key TEXT UNIQUE,
  found_supplier TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL,
  url TEXT NOT NULL DEFAULT '',
  error_code TEXT NOT NULL DEFAULT '',
  error_message TEXT NOT NULL DEFAULT '',
  attachments_found INTEGER NOT NULL DEFAULT 0,
  attachments_downloaded INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  last_processed INTEGER
) STRICT;

-- The way of `lease` and `each`.
CREATE INDEX purchase_orders_in_list ON purchase_orders (generation, position);

CREATE TABLE attachments (
  po_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  status INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  error_code TEXT NOT NULL,
  error_message TEXT NOT NULL,
  PRIMARY KEY (po_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE open_intents (
  po_id INTEGER PRIMARY KEY REFERENCES purchase_orders (id)
) STRICT;
)sql";

constexpr const char* version_2 = R"sql(
ALTER TABLE purchase_orders ADD COLUMN folder_status INTEGER;
ALTER TABLE purchase_orders ADD COLUMN plain_folder TEXT;

CREATE TABLE folder_moves (
  po_id INTEGER PRIMARY KEY REFERENCES purchase_orders (id),
  folder TEXT NOT NULL,
  folder_key TEXT NOT NULL UNIQUE,
  folder_status INTEGER
) STRICT;
)sql";

constexpr const char* version_3 = R"sql(
ALTER TABLE runs ADD COLUMN list INTEGER;
ALTER TABLE runs ADD COLUMN listing TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN listed_to TEXT NOT NULL DEFAULT '';

ALTER TABLE purchase_orders ADD COLUMN last_checked INTEGER;
ALTER TABLE purchase_orders ADD COLUMN updated_at TEXT NOT NULL DEFAULT '';
ALTER TABLE purchase_orders ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE purchase_orders ADD COLUMN pages TEXT NOT NULL DEFAULT '';

ALTER TABLE attachments ADD COLUMN validator TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN listed_at TEXT NOT NULL DEFAULT '';
ALTER TABLE attachments ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
)sql";

// A list that was read to its end in an older version shows it by its counts; that of an empty one does not,
// and is read again. So is a manifest, whose lines were not kept.
constexpr const char* version_4 = R"sql(
ALTER TABLE runs ADD COLUMN taken_in INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET taken_in = 1 WHERE source <> 'manifest' AND (intake_rows > 0 OR finished_at IS NOT NULL);

CREATE TABLE listed_attachments (
  po_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  generation INTEGER NOT NULL,
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  url TEXT NOT NULL,
  authorization TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER,
  sha256 TEXT NOT NULL,
  problem TEXT NOT NULL,
  alike INTEGER NOT NULL,
  mark INTEGER,
  PRIMARY KEY (po_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX listed_attachments_alike ON listed_attachments (po_id, mark) WHERE mark IS NOT NULL;
)sql";

constexpr std::array<migration, 4> steps{{{1, version_1}, {2, version_2}, {3, version_3}, {4, version_4}}};

}  // namespace

std::span<const migration> schema_migrations() noexcept { return steps; }

}  // namespace pofetch::sqlite
