#include "objects/credentials/credential_chain.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"
#include "core/percent.hpp"
#include "core/refused.hpp"
#include "core/url.hpp"
#include "os/read_write.hpp"

#include <cstddef>
#include <utility>

namespace pofetch::objects {

namespace {

using std::chrono::minutes;
using std::chrono::system_clock;

constexpr minutes before_their_end{5};
constexpr std::size_t longest_token = 64U << 10;
constexpr std::string_view metadata_service = "http://169.254.169.254";
constexpr std::string_view container_service = "http://169.254.170.2";

failure no_keys() {
  return core::refused(
      "there are no credentials for the object store: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a "
      "profile (AWS_PROFILE), or a role of the machine");
}

std::string token_in(const std::string& file) {
  std::string text = os::read_file(file, longest_token).bytes;
  while (!text.empty() && core::is_space(text.back())) text.pop_back();
  return text;
}

/// Over plain HTTP a secret goes only to where containers have it from, and to this machine.
bool may_lend(const core::origin& where) {
  return where.scheme == "https" || where.host == "169.254.170.2" || where.host == "169.254.170.23" ||
         where.host == "localhost" || core::classify_address(where.host) == core::address_class::loopback;
}

std::optional<access_keys> keys_of(std::optional<std::string> id, std::optional<std::string> secret,
                                   std::optional<std::string> token) {
  if (!id || !secret) return std::nullopt;
  return access_keys{std::move(*id), std::move(*secret), std::move(token).value_or("")};
}

std::optional<std::string> value_in(const profile_values& profile, std::string_view name) {
  const auto found = profile.find(name);
  if (found == profile.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace

credential_chain::credential_chain(variable_reader variable, std::string region, key_service ask)
    : variable_(std::move(variable)), region_(std::move(region)), ask_(std::move(ask)) {
  if (!variable_) variable_ = [](std::string_view) { return std::optional<std::string>(); };
}

awaitable<result<access_keys>> credential_chain::current() {
  if (known_ && (!known_->ends || system_clock::now() + before_their_end < *known_->ends))
    co_return known_->keys;
  auto found = co_await find();
  if (!found) {
    // Those that are about to end are good to the end.
    if (known_ && known_->ends && system_clock::now() < *known_->ends) co_return known_->keys;
    co_return found.error();
  }
  known_ = std::move(*found);
  co_return known_->keys;
}

awaitable<result<lent_keys>> credential_chain::find() {
  auto own = keys_of(variable_("AWS_ACCESS_KEY_ID"), variable_("AWS_SECRET_ACCESS_KEY"),
                     variable_("AWS_SESSION_TOKEN"));
  if (own) co_return lent_keys{std::move(*own)};
  const profile_values profile = load_profile(variable_);
  own = keys_of(value_in(profile, "aws_access_key_id"), value_in(profile, "aws_secret_access_key"),
                value_in(profile, "aws_session_token"));
  if (own) co_return lent_keys{std::move(*own)};
  auto token_file = variable_("AWS_WEB_IDENTITY_TOKEN_FILE");
  auto role = variable_("AWS_ROLE_ARN");
  if (!token_file) token_file = value_in(profile, "web_identity_token_file");
  if (!role) role = value_in(profile, "role_arn");
  if (token_file && role) {
    auto lent = co_await by_web_identity(std::move(*token_file), std::move(*role));
    co_return lent;
  }
  auto container = variable_("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (const auto relative = variable_("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); relative && !container)
    container = std::string(container_service) + *relative;
  if (container) {
    auto lent = co_await by_container(std::move(*container));
    co_return lent;
  }
  auto lent = co_await by_instance();
  co_return lent;
}

/// The file is read each time: who runs the machine replaces it.
awaitable<result<lent_keys>> credential_chain::by_web_identity(std::string token_file, std::string role) {
  const std::string token = token_in(token_file);
  if (token.empty()) co_return core::refused("the file of AWS_WEB_IDENTITY_TOKEN_FILE holds no token");
  http_request request;
  request.method = "POST";
  request.url = variable_("AWS_ENDPOINT_URL_STS").value_or("https://sts." + region_ + ".amazonaws.com") + "/";
  request.fields.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.body =
      "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + core::encode_component(role) +
      "&RoleSessionName=" + core::encode_component(variable_("AWS_ROLE_SESSION_NAME").value_or("pofetch")) +
      "&WebIdentityToken=" + core::encode_component(token);
  auto answer = co_await ask_(request);
  if (!answer) co_return answer.error();
  co_return keys_of_sts(*answer);
}

result<http_request> credential_chain::container_request(const std::string& url) const {
  const auto where = core::origin_of(url);
  if (!where || !may_lend(*where))
    return core::refused(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI may lead to https, to this machine and to the "
        "container service only");
  http_request request;
  request.url = url;
  auto token = variable_("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = variable_("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) token = token_in(*file);
  if (token) request.fields.push_back({"Authorization", *token});
  return request;
}

awaitable<result<lent_keys>> credential_chain::by_container(std::string url) {
  const auto request = container_request(url);
  if (!request) co_return request.error();
  auto answer = co_await ask_(*request);
  if (!answer) co_return answer.error();
  co_return keys_of_json(*answer);
}

awaitable<result<lent_keys>> credential_chain::by_instance() {
  const std::string off = core::to_lower(variable_("AWS_EC2_METADATA_DISABLED").value_or(""));
  if (off == "true") co_return no_keys();
  std::string base = variable_("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(std::string(metadata_service));
  while (base.ends_with('/')) base.pop_back();
  http_request request;
  request.method = "PUT";
  request.url = base + "/latest/api/token";
  request.fields.push_back({"X-aws-ec2-metadata-token-ttl-seconds", "21600"});
  auto token = co_await ask_(request);
  // No service is the rule outside AWS.
  if (!token) co_return no_keys();
  http_request next;
  next.url = base + "/latest/meta-data/iam/security-credentials/";
  next.fields.push_back({"X-aws-ec2-metadata-token", *token});
  auto role = co_await ask_(next);
  if (!role) co_return no_keys();
  next.url += core::encode_component(role->substr(0, role->find('\n')));
  auto answer = co_await ask_(next);
  if (!answer) co_return answer.error();
  co_return keys_of_json(*answer);
}

}  // namespace pofetch::objects
