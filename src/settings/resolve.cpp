#include "settings/resolve.hpp"

#include "core/no_proxy.hpp"
#include "core/setting_text.hpp"
#include "settings/file/serve_profiles.hpp"
#include "settings/file/serve_webhooks.hpp"
#include "settings/set_option.hpp"
#include "settings/setting.hpp"
#include "settings/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

namespace pofetch::settings {

namespace {

result<void> apply(const setting& which, const std::vector<std::string>& values, settled source,
                   resolution& into) {
  result<void> done =
      apply_texts(which, values, source.from == origin::flag ? "" : source.where, into.values);
  if (!done) return done;
  into.origins.insert_or_assign(std::string(which.name), std::move(source));
  return {};
}

bool is_command(std::string_view section) {
  return std::any_of(all_commands.begin(), all_commands.end(),
                     [section](command each) { return to_string(each) == section; });
}

failure unknown_key(const config_file& file, const toml_entry& entry) {
  std::string why = did_you_mean(entry.key, setting_names());
  if (entry.key == "cookie" || entry.key == "client-secret" || entry.key == "api-key" ||
      entry.key == "client-key-password" || entry.key == "token")
    why = fmt::format("; give it in the variable {}", variable_name(entry.key));
  return make_failure(errc::config, fmt::format("configuration file {}: line {}: there is no setting '{}'{}.",
                                                file.path.string(), entry.line, entry.key, why));
}

result<void> check_entry(const config_file& file, const toml_entry& entry) {
  const auto refused = [&](std::string_view why) {
    return make_failure(errc::config, fmt::format("configuration file {}: line {}: {}.", file.path.string(),
                                                  entry.line, why));
  };
  if (is_profile(entry.section) || is_webhook(entry.section)) return {};  // see read_profiles, read_webhooks
  if (!entry.section.empty() && !is_command(entry.section)) {
    return refused(fmt::format("there is no section [{}]; sections are named after commands", entry.section));
  }
  const setting* const which = find_setting(entry.key);
  if (which == nullptr) return unknown_key(file, entry);
  if (entry.array && which->kind != setting_kind::list) {
    return refused(fmt::format("'{}' takes one value, not a list", entry.key));
  }
  for (const command what : all_commands) {
    if (entry.section == to_string(what) && !belongs_to(*which, what)) {
      return refused(fmt::format("pofetch {} has no setting '{}'", entry.section, entry.key));
    }
  }
  return {};
}

/// Entries of one section that concern the command.
result<void> apply_section(const config_file& file, std::string_view section, resolution& into) {
  for (const toml_entry& entry : file.entries) {
    if (entry.section != section) continue;
    const setting* const which = find_setting(entry.key);
    if (which == nullptr || !belongs_to(*which, into.what)) continue;
    const std::string where = fmt::format("{} line {}", file.path.string(), entry.line);
    result<void> done = apply(*which, entry.values, {origin::file, where}, into);
    if (!done) return done;
  }
  return {};
}

result<void> apply_file(const config_file& file, resolution& into) {
  for (const toml_entry& entry : file.entries) {
    result<void> good = check_entry(file, entry);
    if (!good) return good;
  }
  result<void> shared = apply_section(file, "", into);
  if (!shared) return shared;
  return apply_section(file, to_string(into.what), into);
}

result<void> apply_environment(const environment& variables, resolution& into) {
  for (const setting& each : all_settings()) {
    if (!belongs_to(each, into.what)) continue;
    const std::string name = variable_name(each.name);
    const auto value = variables.get(name);
    if (!value) continue;
    result<void> done = apply(each, {*value}, {origin::environment, name}, into);
    if (!done) return done;
  }
  return {};
}

/// The first of these variables that is set.
std::optional<std::pair<std::string, std::string>> first_set(const environment& variables,
                                                             std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (auto value = variables.get(name)) return std::pair(std::string(name), std::move(*value));
  return std::nullopt;
}

/// Did the user name the proxy for pofetch itself?
bool names_proxy(const resolution& decided) {
  const auto found = decided.origins.find("proxy");
  return found != decided.origins.end() &&
         (found->second.from != origin::environment || found->second.where == variable_name("proxy"));
}

result<void> apply_line(const command_line& line, resolution& into) {
  for (const auto& [name, values] : line.given) {
    const setting* const which = find_setting(name);
    result<void> done = apply(*which, values, {origin::flag, core::setting_name(name)}, into);
    if (!done) return done;
  }
  return {};
}

}  // namespace

void apply_system_proxy(const environment& variables, resolution& into) {
  if (!belongs_to(*find_setting("proxy"), into.what)) return;
  network_config& network = into.values.batch.network;
  if (auto way = first_set(variables, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})) {
    network.proxy = std::move(way->second);
    into.origins.insert_or_assign("proxy", settled{origin::environment, std::move(way->first)});
  }
  if (auto except = first_set(variables, {"no_proxy", "NO_PROXY"})) {
    std::replace(except->second.begin(), except->second.end(), ' ', ',');
    for (std::string& rule : pieces_of(*find_setting("no-proxy"), {except->second}))
      if (core::no_proxy_rules::parse({rule})) network.no_proxy.push_back(std::move(rule));
    into.origins.insert_or_assign("no-proxy", settled{origin::environment, std::move(except->first)});
  }
}

result<resolution> resolve(const command_line& line, const environment& variables,
                           const std::optional<config_file>& file) {
  resolution made;
  made.what = line.what;
  apply_system_proxy(variables, made);
  if (file) {
    const result<void> done = apply_file(*file, made);
    if (!done) return done.error();
  }
  const result<void> surroundings = apply_environment(variables, made);
  if (!surroundings) return surroundings.error();
  const result<void> said = apply_line(line, made);
  if (!said) return said.error();

  if (file && made.what == command::serve) {
    auto profiles = read_profiles(*file, variables);
    if (!profiles) return profiles.error();
    made.values.serve.profiles = std::move(*profiles);
    auto webhooks = read_webhooks(*file);
    if (!webhooks) return webhooks.error();
    made.values.serve.webhooks = std::move(*webhooks);
  }
  made.values.batch.network.proxy_loopback = names_proxy(made);
  made.values.batch.network.client_key_password = variables.get("POFETCH_CLIENT_KEY_PASSWORD").value_or("");
  const bool lists = takes_list(made.what) && !asks_service(made.what);
  if (lists || made.what == command::doctor) {
    made.values.batch.cookie_header = variables.get("POFETCH_COOKIE").value_or("");
    made.values.batch.client_secret = variables.get("POFETCH_CLIENT_SECRET").value_or("");
    made.values.batch.api_key = variables.get("POFETCH_API_KEY").value_or("");
  }
  made.values.batch.objects.variable = [variables](std::string_view name) { return variables.get(name); };
  if (asks_service(made.what)) {
    const auto file_given = made.origins.find("token-file");
    const bool on_line = file_given != made.origins.end() && file_given->second.from == origin::flag;
    if (!on_line) made.values.remote.token = variables.get("POFETCH_TOKEN").value_or("");
  }
  if (takes_list(made.what)) {
    made.values.batch.input = line.operand;
  } else if (made.what == command::watch) {
    made.values.remote.address = line.operand;
  } else if (made.what != command::doctor) {
    made.values.batch.out = line.operand;
    // A folder has a ledger of its own, unless another one is named with it.
    const auto ledger = made.origins.find("ledger");
    const bool named = ledger != made.origins.end() && ledger->second.from == origin::flag;
    if (!line.operand.empty() && !named) made.values.batch.nodes.address.clear();
  }
  return made;
}

}  // namespace pofetch::settings
