#include "settings/file/serve_webhooks.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::settings {

namespace {

constexpr std::string_view webhook_lead = "webhook.";

failure webhook_refused(const config_file& file, int line, std::string_view why) {
  return make_failure(errc::config,
                      fmt::format("configuration file {}: line {}: {}.", file.path.string(), line, why));
}

result<void> take_webhook_entry(const config_file& file, const toml_entry& entry, webhook& into) {
  const bool is_list = entry.key == "events" || entry.key == "allow-host";
  if (entry.array && !is_list)
    return webhook_refused(file, entry.line, fmt::format("'{}' takes one value, not a list", entry.key));
  if (entry.key == "url")
    into.url = entry.values.front();
  else if (entry.key == "secret-file")
    into.secret_file = entry.values.front();
  else if (entry.key == "cacert")
    into.ca_file = entry.values.front();
  else if (entry.key == "allow-host")
    into.allow_hosts = entry.values;
  else if (entry.key == "events")
    into.events = entry.values;
  else
    return webhook_refused(file, entry.line, fmt::format("a webhook has no setting '{}'", entry.key));
  if (entry.key != "events") return {};
  for (const std::string& each : into.events)
    if (!core::is_one_of(each, webhook_events))
      return webhook_refused(
          file, entry.line,
          fmt::format("there is no event '{}'; there are {}", each, fmt::join(webhook_events, ", ")));
  return {};
}

result<void> check_webhook(const config_file& file, int line, const webhook& made) {
  const auto is_good = [](char c) { return core::is_alnum(c) || c == '-' || c == '_'; };
  if (made.name.empty() || !std::all_of(made.name.begin(), made.name.end(), is_good))
    return webhook_refused(file, line, "the name of a webhook has letters, digits, '-' and '_' only");
  const auto origin = core::origin_of(made.url);
  if (!origin || origin->scheme != "https")
    return webhook_refused(
        file, line, fmt::format("[webhook.{}] needs url, an address that begins with https://", made.name));
  if (made.secret_file.empty())
    return webhook_refused(file, line,
                           fmt::format("[webhook.{}] needs secret-file, the file of its secret", made.name));
  return {};
}

}  // namespace

bool is_webhook(std::string_view section) { return section.starts_with(webhook_lead); }

result<std::vector<webhook>> read_webhooks(const config_file& file) {
  std::vector<std::pair<webhook, int>> drafts;
  for (const toml_entry& entry : file.entries) {
    if (!is_webhook(entry.section)) continue;
    const std::string name = entry.section.substr(webhook_lead.size());
    const auto same = [&name](const auto& each) { return each.first.name == name; };
    auto found = std::find_if(drafts.begin(), drafts.end(), same);
    if (found == drafts.end()) {
      webhook fresh;
      fresh.name = name;
      fresh.events.assign(webhook_events.begin(), webhook_events.end());
      found = drafts.insert(drafts.end(), {std::move(fresh), entry.line});
    }
    if (auto taken = take_webhook_entry(file, entry, found->first); !taken) return taken.error();
  }
  std::vector<webhook> made;
  for (auto& [each, line] : drafts) {
    if (auto good = check_webhook(file, line, each); !good) return good.error();
    made.push_back(std::move(each));
  }
  return made;
}

}  // namespace pofetch::settings
