#include "settings/check_files.hpp"

#include "core/setting_text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <system_error>

namespace pofetch::settings {

namespace {

namespace fs = std::filesystem;

result<void> check_readable(std::string_view name, const fs::path& path) {
  if (path.empty()) return {};
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  if (fs::exists(status) && !fs::is_directory(status)) return {};
  return make_failure(errc::config,
                      fmt::format("the file {}, given with {}, {}.", path.string(), core::setting_name(name),
                                  fs::is_directory(status) ? "is a folder" : "is not there"));
}

}  // namespace

result<void> check_files(const instance_options& options) {
  result<void> good = check_readable("cookies", options.cookie_file);
  if (good) good = check_readable("cacert", options.pool.ca_file);
  if (good) good = check_readable("client_cert", options.network.client_cert);
  if (good) good = check_readable("client_key", options.network.client_key);
  return good ? check_readable("client_secret_file", options.client_secret_file) : good;
}

}  // namespace pofetch::settings
