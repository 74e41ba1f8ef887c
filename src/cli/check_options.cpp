#include "cli/check_options.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace pofetch::cli {

namespace {

namespace fs = std::filesystem;

failure refused(std::string message) { return make_failure(errc::config, std::move(message)); }

result<void> check_service(const settings::resolution& decided) {
  const remote_options& remote = decided.values.remote;
  if (decided.what == command::watch) {
    if (remote.address.empty())
      return refused("pofetch watch needs the address of a batch: pofetch watch URL/ID.");
    return {};
  }
  if (decided.values.batch.input.empty())
    return refused("pofetch submit needs the list of purchase orders: pofetch submit INPUT --to URL.");
  if (remote.address.empty()) return refused("pofetch submit needs --to URL, the service.");
  constexpr std::array<std::string_view, 4> priorities{"", "low", "normal", "high"};
  if (std::find(priorities.begin(), priorities.end(), remote.priority) == priorities.end())
    return refused(fmt::format("--priority: expected low, normal or high, not '{}'.", remote.priority));
  return {};
}

/// The ledger of files in an object store is on this machine.
result<void> check_state(const settings::resolution& decided) {
  const batch_options& batch = decided.values.batch;
  if (is_object_address(batch.out) == !batch.objects.state.empty()) return {};
  if (batch.objects.state.empty())
    return refused("s3://... needs --state DIR too, the local folder for the ledger.");
  return refused("--state is for files in an object store: give s3://BUCKET/PREFIX, or leave it out.");
}

bool is_given(const settings::resolution& decided, std::string_view name) {
  const auto from = decided.origins.find(name);
  return from != decided.origins.end() && from->second.from == settings::origin::flag;
}

/// Several machines need a ledger that all of them reach.
result<void> check_nodes(const settings::resolution& decided) {
  if (!decided.values.batch.nodes.address.empty()) return {};
  if (decided.what == command::work || tells_nodes(decided.what))
    return refused(
        fmt::format("pofetch {} needs --ledger URL (or POFETCH_LEDGER), the database of the batch.",
                    to_string(decided.what)));
  for (const std::string_view name : {"batch", "lease", "ledger-timeout", "node"})
    if (is_given(decided, name))
      return refused(fmt::format("--{} is for a ledger in a database; add --ledger URL.", name));
  return {};
}

result<void> check_operand(const settings::resolution& decided) {
  const batch_options& batch = decided.values.batch;
  const std::string_view name = to_string(decided.what);
  if (auto nodes = check_nodes(decided); !nodes) return nodes;
  const bool has_nodes = !batch.nodes.address.empty();
  if (has_nodes && !takes_list(decided.what)) return {};
  if (decided.what == command::run || decided.what == command::plan) {
    if (batch.input.empty() && !batch.all) {
      return refused(fmt::format("pofetch {} needs the list of purchase orders: pofetch {} INPUT{}.", name,
                                 name, decided.what == command::run ? " --out DIR" : ""));
    }
    if (decided.what == command::run && batch.out.empty() && !has_nodes) {
      return refused("pofetch run needs --out DIR, the folder for the files.");
    }
    if (decided.what == command::run) return check_state(decided);
  } else if (decided.what == command::login) {
    if (batch.base_url.empty())
      return refused("pofetch login needs --base-url URL, the instance to sign in to.");
    if (decided.values.save.empty())
      return refused("pofetch login needs --save FILE, the file for the session's cookies.");
    if (decided.values.sign_in_timeout.count() <= 0)
      return refused("--timeout: some time is needed for signing in, such as 10m.");
  } else if (decided.what == command::serve) {
    if (decided.values.serve.data.empty() && decided.values.serve.new_token.empty())
      return refused("pofetch serve needs --data DIR, the folder for everything that it keeps.");
    if (decided.values.serve.max_running == 0) return refused("--max-running: at least 1 is needed.");
  } else if (asks_service(decided.what)) {
    return check_service(decided);
  } else if (decided.what != command::doctor && !has_nodes && batch.out.empty()) {
    return refused(fmt::format("pofetch {} needs the folder of a batch: pofetch {} DIR.", name, name));
  } else if (decided.what != command::doctor) {
    return check_state(decided);
  } else if (is_object_address(batch.out)) {
    return refused("pofetch doctor does not look at object stores; leave --out out.");
  }
  return {};
}

result<void> check_report(std::string_view option, const fs::path& path) {
  const std::string ending = core::to_lower(path.extension().string());
  constexpr std::array<std::string_view, 4> known{".csv", ".json", ".jsonl", ".xlsx"};
  if (std::find(known.begin(), known.end(), ending) == known.end()) {
    return refused(
        fmt::format("{}: the name '{}' must end in .csv, .json, .jsonl or .xlsx.", option, path.string()));
  }
  std::error_code problem;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, problem)) {
    return refused(
        fmt::format("{}: there is no folder '{}'; make it, or give another place.", option, folder.string()));
  }
  if (fs::is_directory(path, problem))
    return refused(fmt::format("{}: '{}' is a folder; give the name of a file.", option, path.string()));
  return {};
}

/// What is written must not be what is read: the list and the cookies are the user's.
result<void> check_written(std::string_view option, const fs::path& path, const batch_options& batch) {
  std::error_code ignored;
  const auto is_there = [&](const fs::path& read) {
    return !path.empty() && fs::equivalent(path, read, ignored);
  };
  std::string_view what;
  if (is_there(batch.input)) what = "is the list of purchase orders, which is only read";
  if (is_there(batch.cookie_file)) what = "is the file of --cookies";
  if (what.empty()) return {};
  return refused(fmt::format("{}: '{}' {}; give another name.", option, path.string(), what));
}

/// A password on the command line can be seen by others on the machine, and stays in the shell's history.
result<void> check_proxy(const settings::resolution& decided) {
  const network_config& network = decided.values.batch.network;
  const bool on_line = is_given(decided, "proxy");
  const std::string_view userinfo = std::string_view(network.proxy).substr(0, network.proxy.rfind('@'));
  const bool password = network.proxy.find('@') != std::string::npos &&
                        userinfo.find(':', userinfo.find("//") + 1) != std::string_view::npos;
  if (on_line && password)
    return refused(
        "--proxy must not hold a password, which others on this machine could see; put the address with the "
        "password into the variable POFETCH_PROXY or into the configuration file.");
  return {};
}

/// From a file or a variable they may be meant for pofetch login.
result<void> check_browser(const settings::resolution& decided) {
  if (decided.what == command::login || decided.values.batch.on_expiry == expiry_action::login) return {};
  for (const std::string_view name : {"driver", "browser", "headless"}) {
    if (is_given(decided, name))
      return refused(fmt::format("--{} is for --on-expiry login, which is not asked for.", name));
  }
  return {};
}

result<void> check_fetching(const settings::resolution& decided) {
  const options& values = decided.values;
  result<void> good = check_proxy(decided);
  if (good) good = check_browser(decided);
  for (const fs::path& report : values.reports) {
    if (good) good = check_report("--report", report);
    if (good) good = check_written("--report", report, values.batch);
  }
  return good ? check_written("--log-file", values.log_file, values.batch) : good;
}

}  // namespace

result<void> check_options(const settings::resolution& decided) {
  result<void> operand = check_operand(decided);
  if (!operand) return operand;
  if (asks_service(decided.what)) {
    const result<void> proxy = check_proxy(decided);
    return proxy ? check_written("--log-file", decided.values.log_file, decided.values.batch) : proxy;
  }
  if (reaches_out(decided.what)) return check_fetching(decided);
  if (decided.what != command::report) return {};
  if (decided.values.report_to.empty())
    return refused("pofetch report needs --to FILE, the report to write.");
  return check_report("--to", decided.values.report_to);
}

std::vector<std::string> option_warnings(const settings::resolution& decided) {
  std::vector<std::string> found;
  const auto header = decided.origins.find(std::string_view("header"));
  if (header == decided.origins.end() || header->second.from != settings::origin::flag) return found;
  for (const std::string& line : decided.values.batch.headers) {
    const std::string name = line.substr(0, line.find(':'));
    if (!core::is_secret_name(name)) continue;
    found.push_back(
        fmt::format("the value of {} on the command line can be seen by others on this machine; "
                    "POFETCH_HEADER or the configuration file keeps it private.",
                    name));
  }
  return found;
}

}  // namespace pofetch::cli
