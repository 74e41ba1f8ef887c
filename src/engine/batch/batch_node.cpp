// What a batch does as one of many nodes: it enters, works in turns, and somebody ends the run.
//
// A turn ends when there is nothing more to do, when it is stopped, when people want a pause, or when the
// node was taken for dead: then nothing of it counts any more, and it comes back as another incarnation.
#include "core/encoding.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "engine/batch/batch_run.hpp"
#include "engine/node/batch_settings.hpp"
#include "engine/node/shared_batch.hpp"
#include "sources/drivers.hpp"
#include "storage/bodies/hasher.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <span>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::engine {
namespace {

using part = postgres::postgres_ledger::part;
using ending = postgres::postgres_ledger::ending;

/// Between two questions whether others have come further.
constexpr std::chrono::milliseconds between_questions{200};

std::string node_name(const shared_ledger& where) {
  if (!where.node.empty()) return where.node;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return fmt::format("{} {}", host.data(), ::getpid());
}

/// Empty: there is no list. Nodes that list the same of the instance have the same one.
result<std::string> digest_of_list(const batch_options& options) {
  auto digest = storage::hasher::make(digest_algorithm::sha256);
  if (!digest) return digest.error();
  if (options.all) return std::string("all");
  if (options.input.empty()) return std::string();
  std::ifstream file(options.input, std::ios::binary);
  std::vector<char> buffer(256U << 10U);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), file.gcount() > 0) {
    const auto bytes = std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(file.gcount())));
    if (auto added = digest->update(bytes); !added) return added.error();
  }
  if (!file.eof())
    return make_failure(errc::input, fmt::format("The list '{}' cannot be read.", options.input));
  return core::to_hex(digest->digest());
}

failure stopped_early() { return make_failure(errc::cancelled, "stopped while other nodes were waited for"); }

}  // namespace

/// The list and the run are the batch's, and one of its nodes takes them in.
result<void> batch_run::enter_batch() {
  const auto digest = digest_of_list(options_);
  if (!digest) return digest.error();
  if (auto opened = open_node(); !opened) return opened;
  const auto which = await_part(*digest);
  return which ? begin_part(*which) : result<void>(which.error());
}

/// Another incarnation of this node, with a place of its own in the store.
result<void> batch_run::open_node() {
  close_node();
  auto server = server_of(options_.nodes, true, [this] { return is_stopped(); });
  if (!server) return server.error();
  auto opened = postgres::postgres_ledger::open(
      {*server, options_.nodes.batch, node_name(options_.nodes), options_.nodes.lease});
  if (!opened) return opened.error();
  shared_ = opened->get();
  records_ = std::move(*opened);
  if (auto same = check_settings(); !same) return same;
  const auto facts = shared_->facts();
  if (!facts) return facts.error();
  auto files = storage::file_store::open_as_node(options_.out, options_.pool.sync,
                                                 std::to_string(shared_->node_id()), facts->token);
  if (!files) return files.error();
  files_ = std::move(*files);
  files_->hash_beside(disk_);
  auto begun = node::start({std::move(*server), shared_->batch_id(), shared_->node_id(), options_.nodes.lease,
                            options_.out, options_.pool.sync, events_,
                            [this](bool lost, node_wish wish) { hear(lost, wish); }});
  if (!begun) return begun.error();
  node_ = std::move(*begun);
  placing_.emplace(*files_, *node_);
  return {};
}

/// In this order: once the ledger is told that it has left, nothing of the node is in the folder any more.
void batch_run::close_node() {
  if (shared_ == nullptr) return;
  placing_.reset();
  node_.reset();
  if (files_) {
    auto removed = files_->revoke(std::to_string(shared_->node_id()));
    if (!removed) events_.on(event::notice{notice_level::warning, removed.error().message});
  }
  files_.reset();
  shared_ = nullptr;
  records_.reset();
}

/// Whoever was the first has said what belongs to the batch; others may have come in between.
result<void> batch_run::check_settings() {
  const auto stored = shared_->settle_settings(settings_of(options_));
  if (!stored) return stored.error();
  const auto facts = shared_->facts();
  if (!facts) return facts.error();
  const std::string reached = options_.base_url;
  if (auto agreed = agree(options_, *stored, facts->source); !agreed) return agreed;
  if (options_.base_url == reached) return {};
  return core::refused(core::sentence("@base_url: the batch has {}; give it.", options_.base_url));
}

result<part> batch_run::await_part(const std::string& list_sha256) {
  for (;;) {
    if (is_stopped()) return stopped_early();
    auto now = shared_->enter(list_sha256);
    if (!now || *now != part::wait) return now;
    std::this_thread::sleep_for(between_questions);
  }
}

result<void> batch_run::begin_part(part which) {
  switch (which) {
    case part::join:
      return join_run(false);
    case part::take_in:
      if (auto listed = list_instance(); !listed) return listed;
      if (auto same = check_source(); !same) return same;
      return take_in(options_.look_only, *placing_);
    case part::go_on: {
      const auto before = records_->last_run();
      if (!before) return before.error();
      const sources::driver* const was = sources::find_driver(before->info.source);
      names_files_ = was != nullptr && was->facts().names_files;
      if (!options_.resume) options_.resume.emplace().retry_skipped = options_.pool.retry_skipped;
      list_.reset();
      return take_in(options_.look_only, *placing_);
    }
    case part::other_list:
      return core::refused(
          core::sentence("Other nodes work on another list under the name '{}': wait for their end, or give "
                         "this one a name of its own "
                         "with @batch.",
                         options_.nodes.batch));
    case part::no_list:
    case part::wait:
      break;
  }
  return make_failure(errc::input,
                      fmt::format("The list of the batch '{}' was not read to its end: give the list.",
                                  options_.nodes.batch));
}

result<void> batch_run::join_run(bool again) {
  if (again)
    shared_->resume_part();
  else if (auto joined = shared_->join(); !joined)
    return joined;
  auto run = records_->last_run();
  if (!run) return run.error();
  intake_ = run->intake;
  make_controller(options_.look_only, *placing_);
  return controller_->join(*run);
}

/// On the node's thread.
void batch_run::hear(bool lost, node_wish wish) {
  if (wish == node_wish::stop && !lost) return request_stop(stop_reason::terminated);
  if (!lost && wish != node_wish::pause) return;
  const std::lock_guard lock(mutex_);
  if (controller_ && !left_)
    controller_->request_stop(stop_reason::interrupted,
                              lost ? std::chrono::milliseconds(0) : options_.pool.stop_grace);
}

/// Was the last one ended by something that passes?
result<bool> batch_run::has_another_turn() {
  if (is_stopped()) return false;
  if (node_->is_lost()) return true;
  if (controller_->stopped_by() == stop_reason::machine) {
    // The ledger may have found out before the node did.
    const auto alive = shared_->is_alive();
    return alive && !*alive;
  }
  return controller_->stopped_by() == stop_reason::interrupted;
}

/// Without a controller afterwards: others have ended the run.
result<void> batch_run::begin_turn() {
  if (!node_->is_lost()) {
    const auto alive = shared_->is_alive();
    if (!alive) return alive.error();
    if (*alive) {
      if (auto waited = wait_while_paused(); !waited) return waited;
      if (!node_->is_lost()) return join_run(true);
    }
  }
  events_.on(event::notice{
      notice_level::warning,
      "this node gave no sign of life for too long, so others took its purchase orders; it goes on "
      "with what is free"});
  if (auto opened = open_node(); !opened) return opened;
  const auto facts = shared_->facts();
  if (!facts) return facts.error();
  if (facts->state == "finished") return {};
  const auto which = await_part({});
  return which ? begin_part(*which) : result<void>(which.error());
}

result<void> batch_run::wait_while_paused() {
  if (node_->wish() != node_wish::pause) return {};
  events_.on(event::notice{notice_level::info, "paused for all nodes: nothing is begun until it is resumed"});
  if (auto given = shared_->pause_part(); !given) return given;
  while (node_->wish() == node_wish::pause && !node_->is_lost()) {
    if (is_stopped()) return stopped_early();
    std::this_thread::sleep_for(between_questions);
  }
  return {};
}

/// The run is over for all, or this node leaves it.
batch_result batch_run::conclude_as_node() {
  if (node_trouble_) return failed(*node_trouble_);
  // Without its ledger there is nothing that it could tell.
  if (const auto why = controller_ ? controller_->stop_failure() : std::nullopt;
      why && why->code == errc::ledger)
    return failed(*why);
  const auto ends = await_ending();
  if (!ends) return failed(ends.error());
  if (*ends) {
    batch_result done = conclude_fetch();
    done.ended_run = true;
    return done;
  }
  const auto totals = records_->totals();
  if (!totals) return failed(totals.error());
  save_sign_in();
  batch_result done = sum_up(*totals);
  events_.on(event::batch_finished{share(*totals), share(done.run)});
  return done;
}

/// True: this node ends the run, or says how far it has come.
result<bool> batch_run::await_ending() {
  if (!controller_) return false;
  std::uint64_t requests = 0;
  for (const auto& each : lanes_->lanes()) requests += each.http.requests();
  if (auto counted = shared_->count_work(requests, retries_.count); !counted) return counted.error();
  while (controller_->stopped_by() == stop_reason::none) {
    const auto now = shared_->begin_finish();
    if (!now) return now.error();
    if (*now != ending::wait) return *now == ending::finish;
    if (is_stopped()) break;
    std::this_thread::sleep_for(between_questions);
  }
  const auto last = shared_->stop_working();
  return last ? *last : false;
}

}  // namespace pofetch::engine
