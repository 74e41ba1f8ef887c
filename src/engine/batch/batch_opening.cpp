// How a batch begins: its list, its folder, its way to the instance.
#include "core/mask_url.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "engine/batch/batch_run.hpp"
#include "engine/batch/objects_of.hpp"
#include "lists/po_list_reader.hpp"
#include "sources/drivers.hpp"

#include <utility>

namespace pofetch::engine {

namespace {

/// `known`: where attachments are looked up; null: the list decides.
lists::list_options list_options_of(const batch_options& options, const sources::driver* known) {
  lists::list_options list;
  list.input = options.input;
  list.sheet = options.sheet;
  list.po_column = options.po_column;
  list.supplier_column = options.supplier_column;
  list.folder_columns = options.folder_columns;
  list.visible_rows = options.visible_rows;
  if (known == nullptr) return list;
  const bool names_files = known->facts().names_files;
  list.kind = names_files ? lists::list_kind::manifest : lists::list_kind::purchase_orders;
  list.read_numbers = [known](std::string_view text) { return known->read_numbers(text); };
  return list;
}

result<void> check_has_instance(const std::string& base_url) {
  if (!base_url.empty()) return {};
  return core::refused(
      core::spelled("the address of the instance is missing: give @base_url https://<tenant>.coupahost.com "
                    "(only a list with a url column does without)"));
}

}  // namespace

result<void> batch_run::open_inputs(bool needs_instance) {
  batch_options asked = options_;
  asked.base_url = given_url_;
  auto valid = validate(asked);
  if (!valid) return valid;
  const auto given = core::normalize_url(given_url_);
  if (given && *given != options_.base_url + "/")
    events_.on(event::notice{
        notice_level::info,
        core::sentence("@base_url is the address of a page; the instance is {}", options_.base_url)});
  if (options_.own_source) valid = check_has_instance(options_.base_url);
  if (valid && options_.on_expiry == expiry_action::login && !options_.sign_in)
    valid = core::refused(
        core::spelled("@on_expiry login needs a way to sign in: batch_options::sign_in is empty"));
  if (valid && !guest_) valid = instance_.load_credentials([this] { return is_stopped(); });
  if (!valid) return valid;
  const bool has_list = !options_.input.empty() || !is_node();
  if (options_.resume && !is_node())
    valid = open_last_run();
  else if (!options_.all && has_list)
    valid = open_list(needs_instance);
  else if (!has_list && needs_instance && instance_.driver().facts().needs_instance)
    valid = check_has_instance(options_.base_url);
  if (valid && !guest_) valid = instance_.sign_in.load(events_);
  return valid;
}

result<void> batch_run::open_list(bool needs_instance) {
  auto list = lists::open_po_list(list_options_of(options_, instance_.source));
  if (!list) return list.error();
  list_ = std::move(*list);
  const list_facts facts = list_->facts();
  for (const std::string& remark : facts.remarks) events_.on(event::notice{notice_level::warning, remark});
  if (instance_.source == nullptr) instance_.source = &sources::driver_for_list(list_->is_manifest());
  return needs_instance && instance_.driver().facts().needs_instance ? check_has_instance(options_.base_url)
                                                                     : result<void>();
}

/// What was asked of it stands in its ledger.
result<void> batch_run::open_last_run() {
  auto opened = open_output();
  if (!opened) return opened;
  const auto before = records_->last_run();
  if (!before) return before.error();
  const sources::driver* const was = sources::find_driver(before->info.source);
  names_files_ = was != nullptr && was->facts().names_files;
  if (instance_.source == nullptr) instance_.source = &sources::driver_for_list(names_files_);
  if (!instance_.driver().facts().needs_instance) return {};
  return check_has_instance(options_.base_url);
}

result<void> batch_run::open_lanes() {
  auto made = run_lanes::make({options_, instance_, events_, place_.lanes, ledger_, disk_});
  if (!made) return made.error();
  const std::lock_guard lock(mutex_);
  lanes_ = std::move(*made);
  if (asked_ != stop_reason::none)
    return make_failure(errc::cancelled, "stopped before anything was started");
  return {};
}

/// Nothing is made on disk for an instance that is not there or must not be trusted.
awaitable<result<void>> batch_run::reach_instance() {
  if (!instance_.driver().facts().needs_instance) co_return result<void>();
  auto reached = co_await lanes_->reach();
  if (reached) co_return reached;
  failure why = reached.error();
  if (why.code == errc::connection || why.code == errc::timeout)
    why.message += core::spelled(
        "; nothing was started: check @base_url and the network, then run the same command again");
  co_return why;
}

/// With a list, orders that nobody may ask for are recorded as PENDING; without one there is nothing to
/// record.
awaitable<result<void>> batch_run::check_sign_in() {
  if (!instance_.driver().facts().by_credentials) co_return result<void>();
  auto accepted = co_await lanes_->check_sign_in();
  if (accepted || accepted.error().code != errc::session_expired || options_.all) co_return accepted;
  refused_ = accepted.error();
  co_return result<void>();
}

result<void> batch_run::open_output() {
  const bool remote = is_object_address(options_.out);
  if (remote && options_.objects.state.empty())
    return core::refused(core::spelled("@out s3://... needs @state=DIR, a local folder for the ledger."));
  auto files = storage::file_store::open(home_of(options_), options_.pool.sync, true);
  if (!files) return files.error();
  auto locked = (*files)->lock();
  if (locked) locked = claim_home(**files, options_);
  if (!locked) return locked;
  const bool durable = options_.pool.sync != durability::none;
  auto records =
      sqlite::sqlite_ledger::open((*files)->ledger_path(), sqlite::open_mode::read_write_create, durable);
  if (!records) return records.error();
  files_ = std::move(*files);
  files_->hash_beside(disk_);
  records_ = std::move(*records);
  return remote ? open_objects() : result<void>();
}

result<void> batch_run::open_objects() {
  auto setup = store_setup_of(options_);
  if (!setup) return setup.error();
  setup->stopped = [this] { return is_stopped(); };
  auto opened = objects::object_store::open(std::move(*setup), true);
  if (!opened) return opened.error();
  objects_ = std::move(*opened);
  if (!objects_->holds_conditions())
    events_.on(event::notice{notice_level::warning,
                             "the object store does not hold conditions (If-None-Match): several programs "
                             "that write to one prefix would write over each other's files; see that this is "
                             "the only one"});
  return {};
}

/// Whoever filters a sheet may mean the rows that are left; before they are worked on, the person must know.
void batch_run::tell_hidden_rows() {
  const list_facts facts = list_->facts();
  if (facts.hidden_rows == 0 || facts.hidden_left_out) return;
  events_.on(event::notice{
      notice_level::warning,
      core::sentence("rows of the list that are hidden in the spreadsheet, by hand, by a filter or in a "
                     "closed group, and that are taken all the same: {}; @visible_rows leaves them out",
                     facts.hidden_rows)});
}

}  // namespace pofetch::engine
