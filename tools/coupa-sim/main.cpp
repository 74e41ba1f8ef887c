#include "coupa-sim/simulator.hpp"
#include "coupa-sim/token_book.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <map>

namespace {

using coupa_sim::expiry_style;
using coupa_sim::options;
using coupa_sim::page_validators;
using coupa_sim::sign_in_style;

std::string check_range(const std::string& text) {
  return coupa_sim::parse_range(text) ? "" : text + " is neither a number nor MIN-MAX";
}

void add_range(CLI::App& app, const std::string& name, coupa_sim::range& target, const std::string& help) {
  app.add_option_function<std::string>(
         name, [&target](const std::string& text) { target = coupa_sim::parse_range(text).value(); }, help)
      ->check(check_range)
      ->type_name("MIN-MAX");
}

void add_percent(CLI::App& app, const std::string& name, unsigned& target, const std::string& help) {
  app.add_option(name, target, help)->type_name("PERCENT")->check(CLI::Range(0, 100));
}

void add_milliseconds(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                      const std::string& help) {
  app.add_option_function<unsigned>(
         name, [&target](unsigned count) { target = std::chrono::milliseconds(count); }, help)
      ->type_name("MS");
}

void add_data_options(CLI::App& app, options& wanted) {
  app.add_option("--pos", wanted.pos, "How many POs there are (100)");
  app.add_option("--first-po", wanted.first_po, "Number of the first PO (7000001)");
  app.add_option("--seed", wanted.seed, "Another seed is another site; the same seed is the same site (1)");
  add_range(app, "--attachments", wanted.attachments, "Files per PO (1-4)");
  add_range(app, "--size", wanted.size, "Bytes per file; k, M and G are powers of 1024 (10k-100k)");
  app.add_option_function<std::string>(
         "--page-padding",
         [&wanted](const std::string& text) {
           wanted.page_padding = coupa_sim::parse_range(text).value().max;
         },
         "Bytes of order lines added to a PO page (0)")
      ->check(check_range)
      ->type_name("BYTES");
  add_percent(app, "--not-found", wanted.not_found_percent, "POs that are not there or may not be seen (0)");
  add_percent(app, "--empty", wanted.empty_percent, "POs without files (0)");
  add_percent(app, "--prefixed", wanted.prefixed_percent, "POs found as /order_headers/PO<n> only (0)");
  add_percent(app, "--requisitions", wanted.requisition_percent, "POs with linked requisitions (0)");
  add_percent(app, "--broken-requisitions", wanted.broken_requisition_percent,
              "Of these, how many have one that cannot be read (0)");
  add_percent(app, "--missing-files", wanted.missing_file_percent, "Listed files that are not there (0)");
  add_percent(app, "--redirect-downloads", wanted.redirect_percent,
              "Downloads that redirect to another host name (0)");
  static const std::map<std::string, page_validators> validators{{"none", page_validators::none},
                                                                 {"etag", page_validators::etag},
                                                                 {"modified", page_validators::modified},
                                                                 {"both", page_validators::both}};
  app.add_option("--page-validators", wanted.validators,
                 "What pages carry for clients that ask whether they have changed: none, etag, modified or "
                 "both (none)")
      ->transform(CLI::CheckedTransformer(validators).description(""))
      ->type_name("STYLE");
  add_percent(app, "--gzip", wanted.gzip_percent, "Answers compressed if the client accepts it (0)");
}

void add_behaviour_options(CLI::App& app, options& wanted) {
  static const std::map<std::string, expiry_style> styles{{"redirect", expiry_style::redirect},
                                                          {"401", expiry_style::unauthorized},
                                                          {"form", expiry_style::form}};
  add_milliseconds(app, "--latency", wanted.latency, "Wait before every answer (0)");
  add_milliseconds(app, "--jitter", wanted.jitter, "Wait up to so much longer (0)");
  add_percent(app, "--fail", wanted.fail_percent,
              "Answers that go wrong: 500, 503, reset, cut or stalled body (0)");
  add_milliseconds(app, "--stall", wanted.stall, "How long a stalled body hangs before the reset (2000)");
  app.add_option(
      "--capacity", wanted.capacity,
      "Requests at work at once, each for as long as --latency and --jitter say; the others stand in "
      "line (no limit)");
  app.add_option("--rate", wanted.rate, "Requests per second; beyond it the answer is 429 (no limit)");
  app.add_option("--rate-burst", wanted.rate_burst, "So many may come at once all the same (20)");
  app.add_option("--expire-after", wanted.expire_after, "A session ends after so many requests (never)");
  static const std::map<std::string, sign_in_style> doors{
      {"form", sign_in_style::form}, {"auto", sign_in_style::automatic}, {"sso", sign_in_style::sso}};
  app.add_option("--sign-in", wanted.sign_in,
                 "How somebody signs in: form, auto (the form sends itself) or sso (on another host) (form)")
      ->transform(CLI::CheckedTransformer(doors))
      ->type_name("STYLE");
  app.add_option("--expiry", wanted.expiry, "What a signed-out client gets: redirect, 401 or form (redirect)")
      ->transform(CLI::CheckedTransformer(styles).description(""))
      ->type_name("STYLE");
  app.add_option("--api-rate", wanted.api_rate,
                 "API requests per second before 429, with a burst of 20; 0: no limit (25)");
  app.add_option_function<unsigned>(
         "--token-seconds", [&wanted](unsigned count) { wanted.token_seconds = std::chrono::seconds(count); },
         "How long an access token of the API lives (86399)")
      ->type_name("SECONDS");
  app.add_option("--token-requests", wanted.token_requests, "It ends after so many requests besides (never)");
  app.add_option("--slide-every", wanted.slide_every, "A newer cookie every so many answers; 0: never (10)");
  app.add_option("--slide-grace", wanted.slide_grace, "An old cookie is good for so many newer ones (200)");
}

void add_server_options(CLI::App& app, options& wanted) {
  app.add_option("--port", wanted.port, "Port to listen on; 0: any free one (0)");
  app.add_option("--dir", wanted.dir,
                 "Write ca.pem, cookies.txt, client-secret, api-key and orders.csv into this folder");
  app.add_flag("--expected", wanted.write_expected,
               "Also write expected.csv: what a run must bring, with SHA-256 (reads through every file)");
  app.add_option("--threads", wanted.threads, "Threads that serve (1)");
  app.add_flag("--plain-http", wanted.plain_http, "Without TLS");
  app.add_flag("--log", wanted.log, "Print a line per request on standard error");
  app.add_flag("--count-paths,!--no-count-paths", wanted.count_paths,
               "Count requests per path for /_sim/requests; off saves memory on large sites");
}

void serve(const options& wanted) {
  boost::asio::io_context context(1);
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  coupa_sim::simulator site(wanted);
  site.start();
  fmt::print("listening on {}\n", site.base_url());
  fmt::print("client id {}\n", coupa_sim::token_book::client_id);
  std::fflush(stdout);
  context.run();
  site.stop();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "coupa-sim: a small simulator of Coupa's web pages and REST API, to try pofetch on without a Coupa.\n"
      "It makes up purchase orders with files, serves them over TLS on this machine only, and counts what it "
      "sees.\nGET /_sim/stats, /_sim/requests and /_sim/seconds show the counts; POST /_sim/expire ends the "
      "session, "
      "POST /_sim/expire-tokens the API's access tokens, "
      "POST /_sim/sign-in begins a new one, POST /_sim/reset starts the counts anew.\n"
      "POST /_sim/attach, /_sim/replace and /_sim/detach change an order, GET /_sim/order?po=N shows it.",
      "coupa-sim");
  options wanted;
  add_server_options(app, wanted);
  add_data_options(app, wanted);
  add_behaviour_options(app, wanted);
  CLI11_PARSE(app, argc, argv);
  try {
    serve(wanted);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "coupa-sim: {}\n", problem.what());
    return 1;
  }
  return 0;
}
