#include "cli/commands/commands.hpp"
#include "cli/commands/stop_signals.hpp"
#include "cli/text/printable.hpp"
#include "core/consequence.hpp"

#include <pofetch/doctor.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <string>
#include <utility>

namespace pofetch::cli {

namespace {

namespace json = boost::json;

std::string line_of(const finding& each) {
  std::string line =
      fmt::format("{:<4}  {:<14}  {}\n", to_string(each.level), each.check, printable_masked(each.text));
  if (!each.next_step.empty()) line += fmt::format("{:22}-> {}\n", "", printable_masked(each.next_step));
  return line;
}

std::string json_of(const doctor_result& done) {
  json::array findings;
  for (const finding& each : done.findings)
    findings.push_back(json::object{{"check", each.check},
                                    {"level", std::string(to_string(each.level))},
                                    {"text", printable_masked(each.text)},
                                    {"next_step", printable_masked(each.next_step)}});
  json::object whole{{"schema", "pofetch.doctor/1"}, {"exit_state", static_cast<int>(done.state)}};
  whole["findings"] = std::move(findings);
  whole["advice"] = nullptr;
  if (done.max_connections != 0)
    whole["advice"] = json::object{{"workers", done.workers}, {"max_connections", done.max_connections}};
  return json::serialize(whole) + "\n";
}

}  // namespace

exit_state command_doctor(const options& values) {
  doctor check({values.batch, values.po_number}, [&values](const finding& each) {
    if (!values.json) print(line_of(each));
  });
  std::atomic<int> stopped{0};
  doctor_result done;
  {
    const stop_signals signals([&](int signal) {
      stopped = signal;
      check.request_stop();
    });
    done = check.run();
  }
  if (stopped != 0) done.state = stopped == SIGINT ? exit_state::interrupted : exit_state::terminated;
  if (values.json && !print(json_of(done))) return exit_state::machine;
  return done.state;
}

exit_state doctor_refused(const failure& why, bool as_json) {
  doctor_result done;
  done.state = core::consequence_of(why.code).exit;
  const bool machine = done.state == exit_state::machine;
  done.findings.push_back({"config", finding_level::fail, why.message,
                           machine ? "bring it back, or name another" : "change that, and ask again",
                           done.state});
  print(as_json ? json_of(done) : line_of(done.findings.front()));
  return done.state;
}

}  // namespace pofetch::cli
