#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>

namespace pofetch::test {

namespace {

void check_no_crash(const process& running) {
  for (const std::string& text : {running.out(), running.err()}) {
    for (const char* sign : {"terminate called", "what():", "Segmentation", "AddressSanitizer",
                             "runtime error:", "ThreadSanitizer", "internal error"}) {
      CHECK_MESSAGE(!has(text, sign), text);
    }
  }
}

}  // namespace

ended ended_well(process& running) {
  REQUIRE_MESSAGE(running.wait(), running.err());
  REQUIRE_MESSAGE(running.signal() == 0, running.err());
  check_no_crash(running);
  return {running.status(), running.out(), running.err()};
}

process_setup program::setup(words arguments, variables environment) const {
  process_setup made;
  made.program = POFETCH_PROGRAM;
  made.arguments = std::move(arguments);
  made.environment = std::move(environment);
  made.environment.emplace("HOME", folder_.path().string());
  made.folder = folder_.path();
  return made;
}

ended program::run(words arguments, variables environment, std::string input) const {
  process_setup made = setup(std::move(arguments), std::move(environment));
  made.input = std::move(input);
  process running(made);
  return ended_well(running);
}

coupa::coupa(words options) {
  process_setup made;
  made.program = COUPA_SIM_PROGRAM;
  made.arguments = {"--port", "0", "--dir", folder_.path().string()};
  made.arguments.insert(made.arguments.end(), options.begin(), options.end());
  running_ = std::make_unique<process>(made);
  constexpr std::string_view lead = "listening on ";
  if (!running_->wait_for("\n")) throw std::runtime_error("coupa-sim does not start: " + running_->err());
  const std::string& out = running_->out();
  const std::size_t at = out.find(lead);
  if (at == std::string::npos) throw std::runtime_error("coupa-sim does not say where it listens: " + out);
  base_url_ = out.substr(at + lead.size(), out.find('\n', at) - at - lead.size());
}

words coupa::access() const {
  return {"--base-url", base_url_, "--cacert", file("ca.pem"), "--cookies", file("cookies.txt")};
}

words coupa::run_line(const std::string& out, const words& more) const {
  words line{"run", file("orders.csv"), "--out", out};
  const words signed_in = access();
  line.insert(line.end(), signed_in.begin(), signed_in.end());
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

}  // namespace pofetch::test
