#include "service/metrics/state_gauges.hpp"

#include "service/batches/batch_record.hpp"
#include "service/metrics/process_facts.hpp"

#include <pofetch/version.hpp>

#include <algorithm>
#include <map>
#include <prometheus/metric_family.h>
#include <string>
#include <string_view>

namespace pofetch::service {

namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family_of(std::string_view name, std::string_view help) {
  MetricFamily made;
  made.name = name;
  made.help = help;
  made.type = MetricType::Gauge;
  return made;
}

prometheus::ClientMetric sample_of(double value) {
  prometheus::ClientMetric made;
  made.gauge.value = value;
  return made;
}

prometheus::ClientMetric sample_of(std::string_view label, std::string_view word, double value) {
  prometheus::ClientMetric made = sample_of(value);
  made.label.push_back({std::string(label), std::string(word)});
  return made;
}

void add_one(std::vector<MetricFamily>& to, std::string_view name, std::string_view help, double value) {
  MetricFamily made = family_of(name, help);
  made.metric.push_back(sample_of(value));
  to.push_back(std::move(made));
}

/// What several hosts with one label amount to.
http::host_standing together(const http::host_standing& one, const http::host_standing& other) {
  http::host_standing made = one;
  made.in_flight += other.in_flight;
  made.in_flight_limit += other.in_flight_limit;
  made.requests_per_second += other.requests_per_second;
  made.pause = std::max(one.pause, other.pause);
  return made;
}

}  // namespace

void state_gauges::add_batches(std::vector<MetricFamily>& to) const {
  MetricFamily batches = family_of("pofetch_batches", "Batches, by state.");
  for (std::size_t i = 0; i < now_.batches.size(); ++i)
    batches.metric.push_back(
        sample_of("state", to_string(static_cast<batch_state>(i)), static_cast<double>(now_.batches[i])));
  to.push_back(std::move(batches));
  add_one(to, "pofetch_purchase_orders_open", "Purchase orders of batches that have not ended, to be done.",
          static_cast<double>(now_.orders_open));
  add_one(to, "pofetch_queue_oldest_timestamp_seconds",
          "Since when the batch waits that has waited longest; 0: none waits.", now_.oldest_queued);
  add_one(to, "pofetch_last_progress_timestamp_seconds",
          "When the running batch got on that has got on least lately; without one, the last one that ran.",
          now_.last_progress);
  add_one(to, "pofetch_last_completed_timestamp_seconds", "When a batch was completed last; 0: none was.",
          now_.last_completed);
}

void state_gauges::add_profiles(std::vector<MetricFamily>& to) const {
  std::map<std::string_view, bool> all;
  for (const auto& [profile, good] : now_.signed_in) {
    const auto known = all.emplace(profiles_.label(profile), true).first;
    known->second = known->second && good;
  }
  MetricFamily made =
      family_of("pofetch_sign_in_ok", "1: the sign-in of the profile holds; 0: it has ended.");
  for (const auto& [label, good] : all) made.metric.push_back(sample_of("profile", label, good ? 1 : 0));
  to.push_back(std::move(made));
}

void state_gauges::add_hosts(std::vector<MetricFamily>& to) const {
  std::map<std::string_view, http::host_standing> all;
  for (const http::host_standing& each : now_.hosts) {
    const auto [known, fresh] = all.emplace(hosts_.label(each.host), each);
    if (!fresh) known->second = together(known->second, each);
  }
  MetricFamily in_flight = family_of("pofetch_host_in_flight", "Requests under way.");
  MetricFamily limit = family_of("pofetch_host_in_flight_limit", "Requests that may be under way.");
  MetricFamily pace =
      family_of("pofetch_host_requests_per_second_limit", "Requests that may start a second; 0: any number.");
  MetricFamily pause =
      family_of("pofetch_host_pause_seconds", "What is left of a pause that the host asked for.");
  for (const auto& [label, host] : all) {
    in_flight.metric.push_back(sample_of("host", label, host.in_flight));
    limit.metric.push_back(sample_of("host", label, host.in_flight_limit));
    pace.metric.push_back(sample_of("host", label, host.requests_per_second));
    pause.metric.push_back(sample_of("host", label, static_cast<double>(host.pause.count()) / 1000));
  }
  for (MetricFamily* each : {&in_flight, &limit, &pace, &pause}) to.push_back(std::move(*each));
}

void state_gauges::add_server(std::vector<MetricFamily>& to) const {
  add_one(to, "pofetch_http_connections", "Clients that are connected.",
          static_cast<double>(now_.connections));
  add_one(to, "pofetch_sse_clients", "Streams of events that are open.", static_cast<double>(now_.streams));
  add_one(to, "pofetch_disk_free_bytes", "Space that is free for batches.",
          static_cast<double>(now_.disk_free));
  add_one(to, "pofetch_disk_size_bytes", "Size of that disk.", static_cast<double>(now_.disk_size));
  add_one(to, "pofetch_webhook_pending", "Webhook messages that are not delivered yet.",
          static_cast<double>(now_.webhooks_pending));
}

std::vector<MetricFamily> state_gauges::Collect() const {
  std::vector<MetricFamily> all;
  add_batches(all);
  add_profiles(all);
  add_hosts(all);
  add_server(all);
  return all;
}

std::vector<MetricFamily> process_families() {
  const process_facts now = read_process_facts();
  std::vector<MetricFamily> all;
  MetricFamily build = family_of("pofetch_build_info", "The version of pofetch.");
  build.metric.push_back(sample_of("version", version, 1));
  all.push_back(std::move(build));
  MetricFamily cpu = family_of("process_cpu_seconds_total", "Time of the processor that has been used.");
  cpu.type = MetricType::Counter;
  cpu.metric.emplace_back().counter.value = now.cpu_seconds;
  all.push_back(std::move(cpu));
  add_one(all, "process_start_time_seconds", "When the process started, since 1970.", now.start_time);
  add_one(all, "process_resident_memory_bytes", "Memory that is held.", now.resident_bytes);
  add_one(all, "process_virtual_memory_bytes", "Memory that is addressed.", now.virtual_bytes);
  add_one(all, "process_open_fds", "Descriptors that are open.", now.open_descriptors);
  add_one(all, "process_max_fds", "Descriptors that may be open.", now.most_descriptors);
  return all;
}

}  // namespace pofetch::service
