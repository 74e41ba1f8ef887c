#include "settings/file/serve_profiles.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "engine/source_facts.hpp"
#include "settings/resolve.hpp"
#include "settings/set_option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::settings {

namespace {

constexpr std::string_view lead = "profile.";
constexpr std::string_view hosts_key = "manifest-hosts";

/// What of a run's options is about the instance and not about one list.
constexpr std::array<std::string_view, 19> profile_keys{"base-url",
                                                        "source",
                                                        "cookies",
                                                        "client-id",
                                                        "client-secret-file",
                                                        "secret-command",
                                                        "scope",
                                                        "token-wait",
                                                        "cacert",
                                                        "client-cert",
                                                        "client-key",
                                                        "proxy",
                                                        "no-proxy",
                                                        "adaptive",
                                                        "max-connections",
                                                        "header",
                                                        "allow-host",
                                                        "allow-http",
                                                        "requests-per-second"};

failure refused_at(const config_file& file, int line, std::string_view why) {
  return make_failure(errc::config,
                      fmt::format("configuration file {}: line {}: {}.", file.path.string(), line, why));
}

bool is_profile_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return core::is_alnum(c) || c == '-' || c == '_'; });
}

struct draft {
  std::string section;
  int line = 0;
  resolution decided{};
  std::vector<std::string> hosts{};
};

result<void> take_entry(const config_file& file, const toml_entry& entry, draft& into) {
  if (entry.key == hosts_key) {
    into.hosts = entry.values;
    return {};
  }
  const setting* const which = find_setting(entry.key);
  if (which == nullptr || !core::is_one_of(entry.key, profile_keys))
    return refused_at(file, entry.line, fmt::format("a profile has no setting '{}'", entry.key));
  if (entry.array && which->kind != setting_kind::list)
    return refused_at(file, entry.line, fmt::format("'{}' takes one value, not a list", entry.key));
  const std::string where = fmt::format("{} line {}", file.path.string(), entry.line);
  if (auto done = apply_texts(*which, entry.values, where, into.decided.values); !done) return done;
  into.decided.origins.insert_or_assign(entry.key, settled{origin::file, where});
  return {};
}

result<profile> finished(const config_file& file, draft& from) {
  profile made;
  made.name = from.section.substr(lead.size());
  made.manifest_hosts = std::move(from.hosts);
  made.access = static_cast<const instance_options&>(from.decided.values.batch);
  made.access.network.proxy_loopback = from.decided.origins.contains("proxy") &&
                                       from.decided.origins.find("proxy")->second.from == origin::file;
  if (!is_profile_name(made.name))
    return refused_at(file, from.line, "the name of a profile has letters, digits, '-' and '_' only");
  if (made.access.source == source_kind()) made.access.source = engine::usual_source();
  if (!engine::facts_of(made.access.source).needs_instance) return made;
  if (!core::origin_of(made.access.base_url))
    return refused_at(
        file, from.line,
        fmt::format("[{}] needs base-url, an address such as https://tenant.coupahost.com, not '{}'",
                    from.section, core::mask_url(made.access.base_url)));
  return made;
}

}  // namespace

bool is_profile(std::string_view section) { return section.starts_with(lead); }

result<std::vector<profile>> read_profiles(const config_file& file, const environment& variables) {
  std::vector<draft> drafts;
  for (const toml_entry& entry : file.entries) {
    if (!is_profile(entry.section)) continue;
    const auto same = [&entry](const draft& each) { return each.section == entry.section; };
    auto found = std::find_if(drafts.begin(), drafts.end(), same);
    if (found == drafts.end()) {
      draft fresh{entry.section, entry.line};
      apply_system_proxy(variables, fresh.decided);
      found = drafts.insert(drafts.end(), std::move(fresh));
    }
    if (auto taken = take_entry(file, entry, *found); !taken) return taken.error();
  }
  std::vector<profile> made;
  for (draft& each : drafts) {
    auto whole = finished(file, each);
    if (!whole) return whole.error();
    if (auto valid = validate(whole->access.pool); !valid)
      return refused_at(file, each.line, fmt::format("[{}] {}", each.section, valid.error().message));
    made.push_back(std::move(*whole));
  }
  return made;
}

}  // namespace pofetch::settings
