#include "service/batches/batch_record.hpp"

#include "core/consequence.hpp"
#include "core/po_rules.hpp"
#include "core/setting_text.hpp"
#include "core/timestamp.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 9> state_words{
    "queued", "running", "pausing", "paused", "blocked", "completed", "incomplete", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> wish_words{"run", "pause", "cancel"};
constexpr std::array<std::string_view, 3> priority_words{"low", "normal", "high"};

template <class Enum, std::size_t N>
std::optional<Enum> read_word(std::string_view word, const std::array<std::string_view, N>& words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

json::value time_json(const std::optional<batch_record::time_point>& time) {
  if (!time) return nullptr;
  return json::value(core::rfc3339(*time));
}

json::array texts(const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); }

json::object links_of(const std::string& id) {
  const std::string self = "/v1/batches/" + id;
  json::object links{{"self", self}};
  for (const char* each : {"purchase-orders", "errors", "report", "files", "events"}) {
    std::string name(each);
    std::replace(name.begin(), name.end(), '-', '_');
    links[name] = self + "/" + each;
  }
  return links;
}

json::object choice_json(const work_choice& choice) {
  std::vector<std::string> statuses;
  for (const po_status each : choice.statuses) statuses.emplace_back(to_string(each));
  return {{"statuses", texts(statuses)},
          {"error_codes", texts(choice.error_codes)},
          {"purchase_orders", texts(choice.numbers)}};
}

/// Members that are shown and kept alike.
json::object shared_json(const batch_record& record) {
  json::object made{{"id", record.id},
                    {"name", record.name},
                    {"labels", texts(record.labels)},
                    {"state", std::string(to_string(record.state))},
                    {"reason", nullptr},
                    {"desired", std::string(to_string(record.desired))},
                    {"mode", record.plans ? "plan" : "fetch"},
                    {"source", record.source},
                    {"profile", record.profile},
                    {"priority", std::string(to_string(record.urgency))},
                    {"options", record.options}};
  if (record.reason)
    made["reason"] = json::object{{"code", record.reason->code},
                                  {"message", record.reason->message},
                                  {"next_step", record.reason->next_step}};
  made["list"] = json::object{{"rows", record.rows},
                              {"repeated", record.repeated},
                              {"invalid", record.invalid},
                              {"columns", texts(record.columns)}};
  made["totals"] = sums_json(record.sums);
  made["verify"] = record.verified ? json::value(*record.verified) : json::value(nullptr);
  made["created_at"] = time_json(record.created_at);
  made["started_at"] = time_json(record.started_at);
  made["finished_at"] = time_json(record.finished_at);
  made["expires_at"] = time_json(record.expires_at);
  made["revision"] = record.revision;
  return made;
}

/// Reads members of a kept object; what is missing leaves what is there.
struct kept_reader {
  const json::object& from;

  void text(const char* name, std::string& into) const {
    if (const json::value* const found = from.if_contains(name); found != nullptr && found->is_string())
      into = found->as_string().c_str();
  }
  void count(const char* name, std::uint64_t& into) const {
    const json::value* const found = from.if_contains(name);
    boost::system::error_code bad;
    if (found == nullptr || !found->is_number()) return;
    const auto number = found->to_number<std::uint64_t>(bad);
    if (!bad) into = number;
  }
  void list(const char* name, std::vector<std::string>& into) const {
    const json::value* const found = from.if_contains(name);
    if (found == nullptr || !found->is_array()) return;
    for (const json::value& each : found->as_array())
      if (each.is_string()) into.emplace_back(each.as_string().c_str());
  }
  void time(const char* name, std::optional<batch_record::time_point>& into) const {
    std::string word;
    text(name, word);
    into = word.empty() ? std::nullopt : core::parse_timestamp(word);
  }
  [[nodiscard]] kept_reader below(const char* name) const {
    static const json::object nothing;
    const json::value* const found = from.if_contains(name);
    return {found != nullptr && found->is_object() ? found->as_object() : nothing};
  }
};

work_choice read_choice(const kept_reader& from) {
  work_choice made;
  std::vector<std::string> words;
  from.list("statuses", words);
  for (int i = 0; i < po_status_count; ++i) {
    const auto each = static_cast<po_status>(i);
    if (std::find(words.begin(), words.end(), to_string(each)) != words.end()) made.statuses.push_back(each);
  }
  from.list("error_codes", made.error_codes);
  from.list("purchase_orders", made.numbers);
  return made;
}

void read_sums(const kept_reader& from, batch_sums& into) {
  batch_totals& totals = into.totals;
  const kept_reader states = from.below("by_status");
  for (std::size_t i = 0; i < totals.by_status.size(); ++i)
    states.count(std::string(to_string(static_cast<po_status>(i))).c_str(), totals.by_status[i]);
  from.count("purchase_orders", totals.purchase_orders);
  from.count("attachments_found", totals.attachments_found);
  from.count("attachments_downloaded", totals.attachments_downloaded);
  from.count("bytes", totals.bytes);
  from.count("requests", into.requests);
  from.count("retries", into.retries);
  if (const json::value* const seconds = from.from.if_contains("elapsed_seconds"); seconds != nullptr)
    into.elapsed_seconds = seconds->is_number() ? seconds->to_number<double>() : 0;
}

}  // namespace

std::string_view to_string(batch_state state) noexcept {
  return state_words[static_cast<std::size_t>(state)];
}
std::string_view to_string(wish which) noexcept { return wish_words[static_cast<std::size_t>(which)]; }
std::string_view to_string(priority which) noexcept {
  return priority_words[static_cast<std::size_t>(which)];
}
std::optional<batch_state> read_state(std::string_view word) noexcept {
  return read_word<batch_state>(word, state_words);
}
std::optional<wish> read_wish(std::string_view word) noexcept { return read_word<wish>(word, wish_words); }
std::optional<priority> read_priority(std::string_view word) noexcept {
  return read_word<priority>(word, priority_words);
}

bool is_ended(batch_state state) noexcept { return state >= batch_state::completed; }

batch_reason reason_of(const failure& why) {
  return {code_word(why), why.message, core::spelled(core::consequence_of(why.code).next_step)};
}

std::uint64_t orders_done(const batch_record& record) noexcept {
  return record.plans ? record.looked_up : core::count_done(record.sums.totals.by_status);
}

json::object sums_json(const batch_sums& sums) {
  json::object states;
  for (std::size_t i = 0; i < sums.totals.by_status.size(); ++i)
    states[std::string(to_string(static_cast<po_status>(i)))] = sums.totals.by_status[i];
  return {{"purchase_orders", sums.totals.purchase_orders},
          {"by_status", std::move(states)},
          {"attachments_found", sums.totals.attachments_found},
          {"attachments_downloaded", sums.totals.attachments_downloaded},
          {"bytes", sums.totals.bytes},
          {"requests", sums.requests},
          {"retries", sums.retries},
          {"elapsed_seconds", std::round(sums.elapsed_seconds * 1000) / 1000}};
}

json::object batch_json(const batch_record& record, const batch_motion& motion) {
  json::object made = shared_json(record);
  json::object progress{{"done", orders_done(record)},
                        {"bytes_per_second", static_cast<std::uint64_t>(motion.bytes_per_second)},
                        {"pos_per_minute", std::round(motion.pos_per_minute * 10) / 10},
                        {"eta_seconds", nullptr}};
  if (motion.eta_seconds) progress["eta_seconds"] = *motion.eta_seconds;
  made["progress"] = std::move(progress);
  made["sign_in"] = motion.sign_in.empty() ? json::value(nullptr) : json::value(motion.sign_in);
  made["throttled"] = json::array(motion.throttled.begin(), motion.throttled.end());
  made["links"] = links_of(record.id);
  return made;
}

std::string kept_json(const batch_record& record) {
  json::object made = shared_json(record);
  made["list_file"] = record.list_file;
  made["chosen"] = record.chosen ? json::value(choice_json(*record.chosen)) : json::value(nullptr);
  made["list_read"] = record.list_read;
  made["looked_up"] = record.looked_up;
  made["queued_at"] = time_json(record.queued_at);
  return json::serialize(made);
}

std::optional<batch_record> read_kept(std::string_view text) {
  boost::system::error_code bad;
  const json::value whole = json::parse({text.data(), text.size()}, bad);
  if (bad || !whole.is_object()) return std::nullopt;
  const kept_reader from{whole.as_object()};
  batch_record made;
  std::string state;
  std::string desired;
  std::string urgency;
  from.text("state", state);
  from.text("desired", desired);
  from.text("priority", urgency);
  const auto known_state = read_state(state);
  const auto known_wish = read_wish(desired);
  if (!known_state || !known_wish) return std::nullopt;
  made.state = *known_state;
  made.desired = *known_wish;
  made.urgency = read_priority(urgency).value_or(priority::normal);
  from.text("id", made.id);
  from.text("name", made.name);
  from.list("labels", made.labels);
  from.text("source", made.source);
  from.text("profile", made.profile);
  from.text("list_file", made.list_file);
  std::string mode;
  from.text("mode", mode);
  made.plans = mode == "plan";
  from.count("looked_up", made.looked_up);
  made.options = from.below("options").from;
  if (const json::value* const read = from.from.if_contains("list_read"))
    made.list_read = read->is_bool() && read->as_bool();
  if (const kept_reader chosen = from.below("chosen"); !chosen.from.empty())
    made.chosen = read_choice(chosen);
  if (const kept_reader reason = from.below("reason"); !reason.from.empty()) {
    made.reason.emplace();
    reason.text("code", made.reason->code);
    reason.text("message", made.reason->message);
    reason.text("next_step", made.reason->next_step);
  }
  const kept_reader list = from.below("list");
  list.count("rows", made.rows);
  list.count("repeated", made.repeated);
  list.count("invalid", made.invalid);
  list.list("columns", made.columns);
  read_sums(from.below("totals"), made.sums);
  if (const kept_reader verified = from.below("verify"); !verified.from.empty())
    made.verified = verified.from;
  std::optional<batch_record::time_point> time;
  from.time("created_at", time);
  made.created_at = time.value_or(batch_record::time_point{});
  from.time("queued_at", time);
  made.queued_at = time.value_or(made.created_at);
  from.time("started_at", made.started_at);
  from.time("finished_at", made.finished_at);
  from.time("expires_at", made.expires_at);
  from.count("revision", made.revision);
  return made;
}

}  // namespace pofetch::service
