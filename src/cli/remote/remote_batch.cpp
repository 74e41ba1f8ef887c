#include "cli/remote/remote_batch.hpp"

#include "core/consequence.hpp"

#include <boost/json.hpp>

#include <utility>

namespace pofetch::cli {

namespace json = boost::json;

namespace {

double number_in(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_number() ? found->to_number<double>() : 0;
}

std::string_view rest_words(service::batch_state state) {
  using enum service::batch_state;
  switch (state) {
    case queued:
      return "in the queue of the service";
    case pausing:
      return "pausing";
    case paused:
      return "paused";
    case blocked:
      return "waiting";
    default:
      return "";
  }
}

}  // namespace

std::string text_in(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_string() ? std::string(found->as_string().c_str()) : std::string();
}

json::object object_in(std::string_view text) {
  boost::system::error_code bad;
  json::value read = json::parse({text.data(), text.size()}, bad);
  if (bad || !read.is_object()) return {};
  return std::move(read.as_object());
}

bool remote_batch::take_whole(std::string_view text) {
  json::object before = std::exchange(shown_, object_in(text));
  if (read()) return true;
  shown_ = std::move(before);
  return false;
}

void remote_batch::take(std::string_view name, const json::object& data) {
  if (!known_) return;
  if (name == "progress") {
    shown_["progress"] = data;
    if (const json::value* const totals = data.if_contains("totals")) shown_["totals"] = *totals;
  } else if (name == "batch" || name == "end") {
    for (const auto& member : data) shown_[member.key()] = member.value();
    if (text_in(data, "state") != to_string(service::batch_state::blocked)) shown_["sign_in"] = nullptr;
  } else if (name == "sign_in") {
    shown_["sign_in"] = boost::json::string(text_in(data, "advice"));
  } else {
    return;
  }
  static_cast<void>(read());
}

bool remote_batch::read() {
  auto record = service::read_kept(json::serialize(shown_));
  if (!record) return false;
  record_ = std::move(*record);
  return known_ = true;
}

std::string remote_batch::sign_in() const { return text_in(shown_, "sign_in"); }

told_standing remote_batch::standing() const {
  told_standing now;
  now.totals = record_.sums.totals;
  now.retries = record_.sums.retries;
  now.at_rest = rest_words(record_.state);
  const json::value* const found = shown_.if_contains("progress");
  if (found == nullptr || !found->is_object()) return now;
  const json::object& progress = found->as_object();
  now.bytes_per_second = number_in(progress, "bytes_per_second");
  now.pos_per_minute = number_in(progress, "pos_per_minute");
  constexpr double ten_years = 3650.0 * 86'400;
  if (const double left = number_in(progress, "eta_seconds"); left > 0 && left < ten_years)
    now.left = std::chrono::milliseconds{static_cast<std::int64_t>(left * 1000)};
  return now;
}

exit_state exit_of(const service::batch_record& ended) {
  using enum service::batch_state;
  if (ended.state == completed) return exit_state::ok;
  if (ended.state != failed) return exit_state::incomplete;
  const std::string code = ended.reason ? ended.reason->code : std::string();
  return core::consequence_of(failure_from_word(code, {}).code).exit;
}

}  // namespace pofetch::cli
