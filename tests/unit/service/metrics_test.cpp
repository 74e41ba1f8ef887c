#include "service/metrics/gzip.hpp"
#include "service/metrics/known_names.hpp"
#include "service/metrics/process_facts.hpp"
#include "service/metrics/run_meter.hpp"
#include "service/metrics/service_metrics.hpp"
#include "service/server/problem.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::service;

namespace {

std::vector<settings::profile> profiles_named(const std::vector<std::string>& names) {
  std::vector<settings::profile> made;
  for (const std::string& each : names) {
    settings::profile one;
    one.name = each;
    one.access.base_url = "https://" + each + ".example.com";
    made.push_back(std::move(one));
  }
  return made;
}

bool shows_line(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Lines that are no comments.
std::size_t series_in(const std::string& text) {
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) lines += text[at] == '#' ? 0U : 1U;
  return lines;
}

event::attachment_finished failed_with(failure why) {
  attachment_record record;
  record.status = attachment_status::failed;
  record.error = std::move(why);
  return {0, share(record)};
}

failure status_failure_of(int status) {
  failure made = make_failure(errc::http_status, "secret-sentence");
  made.http_status = status;
  return made;
}

}  // namespace

TEST_CASE("metrics: what runs tell is counted, by closed sets of words") {
  service_metrics metrics(profiles_named({"main"}));
  run_meter& meter = metrics.meter_for("main");
  po_outcome outcome;
  outcome.po.number = "PO-77";
  outcome.status = po_status::partial;
  meter.on(event::po_finished{0, share(outcome)});
  meter.on(event::bytes_received{0, 500});
  meter.on(event::bytes_received{0, 12});
  meter.on(failed_with(status_failure_of(404)));
  meter.on(failed_with(status_failure_of(503)));
  meter.on(failed_with(make_failure(errc::timeout, "secret-sentence")));
  meter.on(event::retrying{0, status_failure_of(502), std::chrono::milliseconds{1}});
  meter.request_ended({true, 206, errc::http_status, std::chrono::milliseconds{30}});
  meter.request_ended({false, 0, errc::tls, {}});
  meter.ledger_committed(std::chrono::milliseconds{3});
  const std::string text = metrics.text({});
  CHECK(shows_line(text, "pofetch_purchase_orders_total{status=\"PARTIAL\"} 1\n"));
  CHECK(shows_line(text, "pofetch_purchase_orders_total{status=\"COMPLETED\"} 0\n"));
  CHECK(shows_line(text, "pofetch_downloaded_bytes_total 512\n"));
  CHECK(shows_line(text, "pofetch_attachments_total{result=\"failed\"} 3\n"));
  CHECK(shows_line(text, "pofetch_attachment_errors_total{code=\"http_4xx\"} 1\n"));
  CHECK(shows_line(text, "pofetch_attachment_errors_total{code=\"http_5xx\"} 1\n"));
  CHECK(shows_line(text, "pofetch_attachment_errors_total{code=\"timeout\"} 1\n"));
  CHECK(shows_line(text, "pofetch_source_retries_total{code=\"http_5xx\"} 1\n"));
  CHECK(shows_line(text, "pofetch_source_requests_total{code=\"2xx\",kind=\"file\",profile=\"main\"} 1\n"));
  CHECK(shows_line(text, "pofetch_source_requests_total{code=\"tls\",kind=\"page\",profile=\"main\"} 1\n"));
  CHECK(shows_line(text, "pofetch_source_response_seconds_bucket{kind=\"file\",le=\"0.05\"} 1\n"));
  CHECK(shows_line(text, "pofetch_source_response_seconds_count{kind=\"page\"} 0\n"));
  CHECK(shows_line(text, "pofetch_ledger_commit_seconds_count 1\n"));
  CHECK_FALSE(shows_line(text, "PO-77"));
  CHECK_FALSE(shows_line(text, "secret"));
}

TEST_CASE("metrics: where the service stands") {
  const service_metrics metrics(profiles_named({"main", "other-tenant"}));
  service_state now;
  now.batches[1] = 3;
  now.orders_open = 41;
  now.oldest_queued = 1700000000;
  now.signed_in = {{"main", true}, {"other-tenant", false}};
  now.hosts.push_back({"main.example.com", 3, 8, 20, std::chrono::milliseconds{1500}});
  now.hosts.push_back({"cdn1.example.net", 1, 16, 0, {}});
  now.hosts.push_back({"cdn2.example.net", 2, 16, 0, std::chrono::milliseconds{500}});
  now.disk_free = 12345;
  const std::string text = metrics.text(now);
  CHECK(shows_line(text, "pofetch_batches{state=\"running\"} 3\n"));
  CHECK(shows_line(text, "pofetch_batches{state=\"failed\"} 0\n"));
  CHECK(shows_line(text, "pofetch_purchase_orders_open 41\n"));
  CHECK(shows_line(text, "pofetch_queue_oldest_timestamp_seconds 1700000000\n"));
  CHECK(shows_line(text, "pofetch_sign_in_ok{profile=\"main\"} 1\n"));
  CHECK(shows_line(text, "pofetch_sign_in_ok{profile=\"other-tenant\"} 0\n"));
  CHECK(shows_line(text, "pofetch_host_in_flight{host=\"main.example.com\"} 3\n"));
  CHECK(shows_line(text, "pofetch_host_requests_per_second_limit{host=\"main.example.com\"} 20\n"));
  CHECK(shows_line(text, "pofetch_host_pause_seconds{host=\"main.example.com\"} 1.5\n"));
  // A host that no configuration names is no label.
  CHECK(shows_line(text, "pofetch_host_in_flight{host=\"other\"} 3\n"));
  CHECK(shows_line(text, "pofetch_host_pause_seconds{host=\"other\"} 0.5\n"));
  CHECK_FALSE(shows_line(text, "cdn1"));
  CHECK(shows_line(text, "pofetch_disk_free_bytes 12345\n"));
  CHECK(shows_line(text, "process_start_time_seconds "));
}

TEST_CASE("metrics: whatever is asked and answered, there are never more series than promised") {
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("tenant" + std::to_string(i));
  service_metrics metrics(profiles_named(names));
  service_state now;
  for (const std::string& each : names) {
    now.signed_in.emplace_back(each, true);
    now.hosts.push_back({each + ".example.com", 1, 1, 1, {}});
    for (int code = 0; code <= static_cast<int>(errc::internal); ++code)
      for (const bool file : {false, true}) {
        metrics.meter_for(each).request_ended({file, 0, static_cast<errc>(code), {}});
        metrics.meter_for(each).request_ended({file, 100 * (code % 6) + 1, errc::internal, {}});
      }
  }
  for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
    const failure why = make_failure(static_cast<errc>(code), "");
    metrics.meter_for("tenant1").on(failed_with(why));
    metrics.meter_for("tenant1").on(event::retrying{0, why, {}});
  }
  std::vector<std::string> routes;
  for (int i = 0; i < 60; ++i) routes.push_back("/v1/thing" + std::to_string(i));
  for (const std::string& route : routes)
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"})
      for (unsigned status = 200; status < 600; status += 100)
        metrics.answered({route, method, status, service_metrics::seconds{0.01}});
  for (const problem_kind& each : problem_kinds()) metrics.refused(each.slug);
  for (const batch_state each :
       {batch_state::completed, batch_state::incomplete, batch_state::failed, batch_state::cancelled})
    metrics.batch_ended(each, service_metrics::seconds{5});
  const std::string text = metrics.text(now);
  CHECK(series_in(text) <= service_metrics::most_series);
  CHECK(series_in(text) > 1000);
  CHECK(shows_line(text, "profile=\"other\""));
  CHECK_FALSE(shows_line(text, "BREW"));
}

TEST_CASE("metrics: requests by route, method and class; only what was worked on has a duration") {
  service_metrics metrics({});
  metrics.answered({"/v1/batches/{id}", "GET", 200, service_metrics::seconds{0.002}});
  metrics.answered({"/v1/batches/{id}", "GET", 304, std::nullopt});
  metrics.answered({"", "BREW", 501, std::nullopt});
  metrics.refused("unauthorized");
  metrics.refused("no such word");
  const std::string text = metrics.text({});
  const std::string one = "{code=\"2xx\",method=\"GET\",route=\"/v1/batches/{id}\"";
  CHECK(shows_line(text, "pofetch_http_requests_total" + one + "} 1\n"));
  CHECK(shows_line(text, "pofetch_http_request_duration_seconds_bucket" + one + ",le=\"0.001\"} 0\n"));
  CHECK(shows_line(text, "pofetch_http_request_duration_seconds_bucket" + one + ",le=\"0.0025\"} 1\n"));
  CHECK(shows_line(text, "pofetch_http_requests_total{code=\"5xx\",method=\"other\",route=\"other\"} 1\n"));
  CHECK_FALSE(shows_line(text, "duration_seconds_count{code=\"3xx\",method=\"GET\""));
  CHECK(shows_line(text, "pofetch_http_refused_total{reason=\"unauthorized\"} 1\n"));
  CHECK(shows_line(text, "pofetch_http_refused_total{reason=\"internal\"} 1\n"));
}

TEST_CASE("process: the line of the system, also where the name of the program is a strange one") {
  const char* const rest =
      " S 1 2 3 4 5 6 7 8 9 10 150 50 13 14 15 16 17 18 5000 1048576 256 99 0 0 0 0 0 0 0\n";
  const auto line = read_stat_line(std::string("42 (a) b (c)) ") + (rest + 1));
  REQUIRE(line.has_value());
  CHECK(line->ticks == 200);
  CHECK(line->start_ticks == 5000);
  CHECK(line->virtual_bytes == 1048576);
  CHECK(line->resident_pages == 256);
  CHECK_FALSE(read_stat_line("").has_value());
  CHECK_FALSE(read_stat_line("42 (x) S 1 2").has_value());
  const process_facts now = read_process_facts();
  CHECK(now.resident_bytes > 1e6);
  CHECK(now.open_descriptors >= 3);
  CHECK(now.most_descriptors >= now.open_descriptors);
  const double wall =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  CHECK(now.start_time <= wall + 2);
  CHECK(now.start_time > wall - 86400);
}

TEST_CASE("gzip: if it is asked for, and what comes out is what went in") {
  for (const char* yes : {"gzip", "deflate, gzip;q=0.5", "*", "GZIP", "identity;q=0.5, *;q=0.1"})
    CHECK(takes_gzip(yes));
  for (const char* no : {"", "deflate", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped"})
    CHECK_FALSE(takes_gzip(no));
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "line " + std::to_string(i) + "\n";
  const std::string packed = gzip(text);
  CHECK(packed.size() < text.size() / 2);
  std::string back(text.size() + 100, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string in = packed;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(back.data());
  stream.avail_out = static_cast<uInt>(back.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  back.resize(stream.total_out);
  inflateEnd(&stream);
  CHECK(back == text);
}
