#include "coupa-sim/simulator.hpp"

#include "coupa-sim/certificates.hpp"
#include "coupa-sim/faults.hpp"
#include "coupa-sim/server.hpp"
#include "coupa-sim/session_book.hpp"
#include "coupa-sim/site.hpp"
#include "coupa-sim/token_book.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace coupa_sim {
namespace {

namespace fs = std::filesystem;

options checked(options wanted) {
  const std::string problem = complaint(wanted);
  if (!problem.empty()) throw std::invalid_argument(problem);
  // A path that fails once must have a new chance the next time, so it has to be counted.
  if (wanted.fail_percent > 0) wanted.count_paths = true;
  return wanted;
}

void write_file(const fs::path& file, const std::function<void(std::ostream&)>& fill) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  fill(out);
  out.flush();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

/// In one step and readable for the owner alone, from its first byte on.
void write_private(const fs::path& file, const std::string& text) {
  const fs::path fresh = file.string() + ".new";
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) throw std::runtime_error("cannot write " + fresh.string());
  const bool written = ::fchmod(descriptor, S_IRUSR | S_IWUSR) == 0 &&
                       ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = ::close(descriptor) == 0;
  if (!written || !closed) throw std::runtime_error("cannot write " + fresh.string());
  fs::rename(fresh, file);
}

}  // namespace

struct simulator::state {
  explicit state(options chosen)
      : wanted(checked(std::move(chosen))),
        data(wanted),
        sessions(wanted.slide_every, wanted.slide_grace, wanted.expire_after),
        tokens(wanted.token_seconds, wanted.token_requests),
        seen(wanted.count_paths),
        application(wanted, data, sessions, tokens, seen, [this](const std::string&) { save_cookies(); }),
        places(wanted.capacity),
        listener(shared_site{wanted, application, seen, places}, authority.issue()) {
    sessions.sign_in();
    if (!wanted.dir.empty()) write_folder();
  }

  void write_folder() const;
  void write_cookies(const fs::path& file) const;
  void save_cookies() const {
    if (!wanted.dir.empty()) write_cookies(wanted.dir / "cookies.txt");
  }

  const options wanted;
  const certificate_authority authority;
  dataset data;
  session_book sessions;
  token_book tokens;
  stats seen;
  site application;
  workplaces places;
  server listener;
};

void simulator::state::write_folder() const {
  fs::create_directories(wanted.dir);
  write_file(wanted.dir / "ca.pem", [this](std::ostream& out) { out << authority.pem(); });
  write_file(wanted.dir / "orders.csv", [this](std::ostream& out) { write_orders_csv(data, out); });
  if (wanted.write_expected) {
    write_file(wanted.dir / "expected.csv", [this](std::ostream& out) { write_expected_csv(data, out); });
  }
  write_private(wanted.dir / "client-secret", tokens.client_secret() + '\n');
  write_private(wanted.dir / "api-key", tokens.api_key() + '\n');
  save_cookies();
}

void simulator::state::write_cookies(const fs::path& file) const {
  write_private(file, fmt::format("# Netscape HTTP Cookie File\n\n#HttpOnly_localhost\tFALSE\t/\t{}\t0\t"
                                  "_coupa_session\t{}\n",
                                  wanted.plain_http ? "FALSE" : "TRUE", sessions.current()));
}

simulator::simulator(options wanted) : state_(std::make_unique<state>(std::move(wanted))) {}

simulator::~simulator() { stop(); }

void simulator::start() { state_->listener.start(); }

void simulator::stop() { state_->listener.stop(); }

std::uint16_t simulator::port() const noexcept { return state_->listener.port(); }

std::string simulator::base_url() const {
  return fmt::format("{}://localhost:{}", state_->wanted.plain_http ? "http" : "https", port());
}

const std::string& simulator::ca_pem() const noexcept { return state_->authority.pem(); }

std::string simulator::cookie_value() const { return state_->sessions.current(); }

std::string simulator::cookie_header() const { return "_coupa_session=" + cookie_value(); }

std::string simulator::sign_in() {
  std::string value = state_->sessions.sign_in();
  state_->save_cookies();
  return value;
}

void simulator::expire_session() { state_->sessions.expire(); }

const std::string& simulator::client_secret() const noexcept { return state_->tokens.client_secret(); }

const std::string& simulator::api_key() const noexcept { return state_->tokens.api_key(); }

void simulator::expire_tokens() { state_->tokens.expire(); }

void simulator::write_cookies(const fs::path& file) const { state_->write_cookies(file); }

stats_snapshot simulator::statistics() const { return state_->seen.snapshot(); }

std::vector<stats_second> simulator::seconds() const { return state_->seen.seconds(); }

std::map<std::string, std::uint64_t> simulator::requests_by_path() const { return state_->seen.paths(); }

void simulator::reset_statistics() { state_->seen.reset(); }

const dataset& simulator::data() const noexcept { return state_->data; }

dataset& simulator::data() noexcept { return state_->data; }

}  // namespace coupa_sim
