#include "http/client.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"
#include "http/client_lane.hpp"
#include "http/exchange.hpp"
#include "http/request_text.hpp"

#include <pofetch/version.hpp>

#include <fmt/format.h>

#include <utility>

namespace pofetch::http {

namespace {

constexpr std::size_t max_spare_decoders = 4;
/// How long a host that refuses is left alone.
constexpr std::chrono::milliseconds pause_of_refusal{1'000};
/// Where no body is expected.
class no_body final : public body_sink {
  result<void> begin(const http_response&) override { return {}; }
  result<void> write(std::span<const std::byte>) override { return {}; }
};

}  // namespace

client_lane::client_lane(boost::asio::any_io_executor where, client_config how,
                         std::unique_ptr<tls_context> secure, const common& all)
    : executor(where),
      config(std::move(how)),
      tls(std::move(secure)),
      limits(all.limits),
      cookies(all.cookies),
      watch(all.watch),
      addresses(where),
      lines(limits.lines_on(where, config.max_connections)),
      pool(where, config.max_connections, lines->pools) {}

/// The lane's part of what the host bears: its connections are a stretch of those of the run, and the limit
/// is dealt out along the same line, as is a ceiling that was changed since. Every lane may always send one.
void client_lane::share_out(host_line& line) {
  const std::size_t all = std::max<std::size_t>(limits.max_connections, config.max_connections);
  const std::size_t first = config.connections_before;
  const std::size_t last = first + config.max_connections;
  const auto part_of = [=](std::size_t most) {
    return std::max<std::size_t>(most * last / all - most * first / all, 1);
  };
  const std::size_t allowed = limits.connections();
  pool.resize(allowed == limits.max_connections ? config.max_connections : part_of(allowed));
  const bool spared = line.load.limit() < line.load.top();
  line.turns.resize(part_of(spared ? std::min<std::size_t>(line.load.limit(), allowed) : allowed));
}

std::unique_ptr<content_decoder> client_lane::take_decoder() {
  if (spare_decoders.empty()) return std::make_unique<content_decoder>();
  auto decoder = std::move(spare_decoders.back());
  spare_decoders.pop_back();
  return decoder;
}

void client_lane::give_back(std::unique_ptr<content_decoder> decoder) {
  if (decoder && spare_decoders.size() < max_spare_decoders) spare_decoders.push_back(std::move(decoder));
}

client_config make_client_config(const pool_config& pool, const network_config& network, std::string base_url,
                                 std::vector<http_field> own_fields, std::size_t connections) {
  client_config made;
  made.base_url = std::move(base_url);
  made.own_fields = std::move(own_fields);
  made.allow_http = pool.allow_http;
  made.allow_hosts = pool.allow_hosts;
  made.ca_file = pool.ca_file;
  made.identity = {network.client_cert, network.client_key, network.client_key_password};
  made.proxy = {network.proxy, network.no_proxy, network.proxy_loopback};
  made.max_connections = connections;
  made.max_header_size = pool.max_header_size;
  made.connect_timeout = pool.connect_timeout;
  made.idle_timeout = pool.idle_timeout;
  made.request_timeout = pool.request_timeout;
  made.retry_after_cap = pool.retry_after_cap;
  return made;
}

result<std::unique_ptr<client>> client::make(boost::asio::any_io_executor executor, client_config config,
                                             const common& all, unsigned weight) {
  auto fields = check_fields(config.own_fields);
  if (!fields) return fields.error();
  if (config.user_agent.empty()) config.user_agent = std::string("pofetch/") + version;
  std::optional<core::origin> own;
  if (!config.base_url.empty()) {
    auto origin = core::origin_of(config.base_url);
    if (!origin) return make_failure(errc::config, core::spelled("@base_url: ") + origin.error().message);
    if (origin->scheme == "http" && !config.allow_http)
      return make_failure(errc::config, core::spelled("@base_url must begin with https:// (plain HTTP is "
                                                      "possible to this machine only, with @allow_http)"));
    own = std::move(*origin);
  }
  auto way_out = proxy::make(config.proxy);
  if (!way_out) return way_out.error();
  config.proxy.url.clear();  // a password has no business in here
  auto tls = tls_context::make(all.trust, {config.ca_file, config.identity});
  if (!tls) return tls.error();
  auto lane = std::make_shared<client_lane>(std::move(executor), std::move(config), std::move(*tls), all);
  lane->own = std::move(own);
  lane->company_proxy = std::move(*way_out);
  return std::make_unique<client>(std::move(lane), weight);
}

client::client(std::shared_ptr<client_lane> lane, unsigned weight)
    : lane_(std::move(lane)), guest_(std::make_unique<client_guest>()) {
  guest_->party = {guest_.get(), weight};
}

client::~client() = default;

awaitable<result<http_response>> client::exchange(const http_request& request, body_sink& sink) {
  class exchange work(*lane_, *guest_, request, sink);
  auto outcome = co_await work.run();
  co_return outcome;
}

awaitable<result<http_response>> client::upload(const http_request& request, upload_body& body,
                                                body_sink& sink) {
  class exchange work(*lane_, *guest_, request, sink, &body);
  auto outcome = co_await work.run();
  co_return outcome;
}

awaitable<result<void>> client::reach(std::string url) {
  http_request request;
  request.url = std::move(url);
  request.urgent = true;
  no_body nowhere;
  class exchange work(*lane_, *guest_, request, nowhere);
  auto reached = co_await work.reach();
  co_return reached;
}

void client::spare(std::string_view url) {
  const auto origin = core::origin_of(url);
  if (!origin) return;
  host_load& load = lane_->lines->to(origin->host).load;
  host_load::answer heard;
  heard.status = 403;
  heard.came = std::chrono::steady_clock::now();
  // What was under way at the same time is the same refusal.
  heard.sent = heard.came - pause_of_refusal;
  load.pause.hold_until(heard.came + pause_of_refusal);
  load.tell_refused(heard, heard.came + pause_of_refusal);
}

const traffic& client::seen() const noexcept { return guest_->seen; }
std::uint64_t client::requests() const noexcept {
  return guest_->seen.requests.load(std::memory_order_relaxed);
}

void client::close() {
  if (lane_.use_count() == 1) lane_->pool.close_idle();
}

std::size_t client::idle_connections() const noexcept { return lane_->pool.idle(); }
std::size_t client::free_turns() const noexcept { return lane_->pool.free(); }

result<std::vector<http_field>> parse_header_lines(const std::vector<std::string>& lines) {
  std::vector<http_field> fields;
  for (const std::string& line : lines) {
    const auto colon = line.find(':');
    if (colon == std::string::npos)
      return make_failure(
          errc::config, core::sentence("@header number {}: \"Name: value\" was expected", fields.size() + 1));
    fields.push_back({std::string(core::trim(std::string_view(line).substr(0, colon))),
                      std::string(core::trim(std::string_view(line).substr(colon + 1)))});
  }
  auto checked = check_fields(fields);
  if (!checked) return checked.error();
  return fields;
}

}  // namespace pofetch::http
