#include "service/talk.hpp"

#include "core/ascii.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace pofetch::test {

namespace {

using steady = std::chrono::steady_clock;

int connect_to(const std::string& where) {
  constexpr std::string_view local = "unix:";
  if (where.starts_with(local)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, where.c_str() + local.size(), sizeof at.sun_path - 1);
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return made;
    ::close(made);
    throw std::runtime_error("cannot connect to " + where);
  }
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1))));
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return made;
  ::close(made);
  throw std::runtime_error("cannot connect to " + where);
}

/// The body of a chunked answer at the front of the text, and how long it was. Throws where it is not whole.
std::pair<std::string, std::size_t> unchunked(std::string_view text) {
  std::string body;
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = text.find("\r\n", at);
    if (end == std::string_view::npos) throw std::out_of_range("chunk");
    const std::size_t size = std::stoul(std::string(text.substr(at, end - at)), nullptr, 16);
    if (text.size() < end + 2 + size + 2) throw std::out_of_range("chunk");
    body += text.substr(end + 2, size);
    at = end + 2 + size + 2;
    if (size == 0) return {body, at};
  }
}

answer read_answer_head(std::string_view head) {
  answer made;
  made.status = std::stoi(std::string(head.substr(9, 3)));
  for (const std::string_view line : core::split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.starts_with("HTTP/")) continue;
    made.fields[core::to_lower(line.substr(0, colon))] = core::trim(line.substr(colon + 1));
  }
  return made;
}

}  // namespace

std::string answer::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

talk::talk(const std::string& where) : socket_(connect_to(where)) {}

talk::~talk() { ::close(socket_); }

void talk::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the service has closed: what it said is still to be read
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool talk::read_some(steady::time_point until) {
  if (closed_) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady::now()).count();
  pollfd waiting{socket_, POLLIN, 0};
  if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return false;
  char bytes[65'536];
  const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
  if (count <= 0) closed_ = true;
  if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
  return count > 0;
}

bool talk::wait_for(std::string_view text, std::chrono::milliseconds limit) {
  const auto until = steady::now() + limit;
  while (buffer_.find(text) == std::string::npos)
    if (!read_some(until)) return buffer_.find(text) != std::string::npos;
  return true;
}

std::string talk::rest(std::chrono::milliseconds limit) {
  const auto until = steady::now() + limit;
  while (read_some(until)) {
  }
  return std::exchange(buffer_, {});
}

answer talk::next(bool head_only) {
  const auto until = steady::now() + std::chrono::seconds{20};
  for (;;) {
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      answer made = read_answer_head(std::string_view(buffer_).substr(0, end));
      const std::string_view behind = std::string_view(buffer_).substr(end + 4);
      const bool none = head_only || made.status == 204 || made.status == 304 || made.status < 200;
      if (!none && made.field("transfer-encoding") == "chunked") {
        try {
          auto [body, size] = unchunked(behind);
          made.body = std::move(body);
          buffer_.erase(0, end + 4 + size);
          return made;
        } catch (const std::out_of_range&) {
          // not whole yet
        }
      } else {
        const std::size_t size = none ? 0 : std::stoul("0" + made.field("content-length"));
        if (behind.size() >= size) {
          made.body = behind.substr(0, size);
          buffer_.erase(0, end + 4 + size);
          return made;
        }
      }
    }
    if (!read_some(until)) return {};
  }
}

running_service::running_service(const coupa& site, words more, const std::string& configuration, launch how)
    : how_(std::move(how)) {
  set_up(site.base_url(), std::filesystem::path(site.file("ca.pem")).parent_path(), more, configuration);
  start();
}

running_service::running_service(const std::string& base_url, const std::filesystem::path& folder,
                                 words more) {
  set_up(base_url, folder, more, {});
  start();
}

void running_service::set_up(const std::string& base_url, const std::filesystem::path& folder,
                             const words& more, const std::string& configuration) {
  home_.write("pofetch.toml", "[profile.main]\nbase-url = \"" + base_url +
                                  "\"\nsource = \"web\"\ncookies = \"" + (folder / "cookies.txt").string() +
                                  "\"\ncacert = \"" + (folder / "ca.pem").string() + "\"\n" + configuration);
  line_ = with({"serve", "--data", "data"}, more);
  bool listens = false;
  for (const std::string& each : more) listens = listens || each == "--listen";
  if (!listens) line_ = with(line_, {"--listen", "127.0.0.1:0"});
}

void running_service::start() {
  if (running_) earlier_ += running_->err();
  process_setup setup = home_.setup(line_, how_.environment);
  if (!how_.by.empty()) {
    const std::string own = std::exchange(setup.program, how_.by.front()).string();
    words whole(how_.by.begin() + 1, how_.by.end());
    whole.push_back(own);
    setup.arguments = with(std::move(whole), setup.arguments);
  }
  running_ = std::make_unique<process>(setup);
  constexpr std::string_view lead = "listening on ";
  if (!running_->wait_for(lead) || !running_->wait_for("\n"))
    throw std::runtime_error("the service does not start: " + running_->err());
  const std::string& err = running_->err();
  const std::size_t at = err.find(lead) + lead.size();
  where_ = err.substr(at, err.find('\n', at) - at);
}

int running_service::stop() {
  running_->send(SIGTERM);
  return ended_well(*running_).status;
}

void running_service::kill() {
  running_->send(SIGKILL);
  REQUIRE(running_->wait());
}

std::string running_service::err() const { return earlier_ + running_->err(); }

answer running_service::ask(std::string_view method, const std::string& target, std::string_view body,
                            const field_list& fields) const {
  talk line(where_);
  std::string text = std::string(method) + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  line.send(text + "\r\n" + std::string(body));
  return line.next(method == "HEAD");
}

answer running_service::get(const std::string& target, const field_list& fields) const {
  return ask("GET", target, {}, fields);
}

answer running_service::post(const std::string& target, std::string_view json,
                             const field_list& fields) const {
  field_list all = fields;
  if (!json.empty()) all.emplace_back("Content-Type", "application/json");
  return ask("POST", target, json, all);
}

std::string running_service::submit(std::string_view list, const std::string& query) const {
  const answer made = ask("POST", "/v1/batches" + query, list, {{"Content-Type", "text/csv"}});
  REQUIRE_MESSAGE(made.status == 201, made.body);
  return member(made.body, "id");
}

std::string running_service::state_of(const std::string& id) const {
  return member(get("/v1/batches/" + id).body, "state");
}

std::string running_service::wait_for_state(const std::string& id,
                                            const std::vector<std::string>& states) const {
  const auto until = steady::now() + std::chrono::seconds{60};
  std::string body;
  while (steady::now() < until) {
    body = get("/v1/batches/" + id + "?wait=2").body;
    for (const std::string& each : states)
      if (member(body, "state") == each) return body;
  }
  FAIL("batch does not come to " << states.front() << ": " << body);
  return body;
}

made_token make_token(const program& pofetch, const std::string& name, const std::string& scopes) {
  const ended done = pofetch.run({"serve", "--new-token", name, "--scope", scopes});
  REQUIRE(done.status == 0);
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end = done.out.find('\n'); end != std::string::npos; end = done.out.find('\n', from)) {
    lines.push_back(done.out.substr(from, end - from));
    from = end + 1;
  }
  REQUIRE(lines.size() == 4);
  return {lines[1], lines[3]};
}

std::string member(const std::string& json, const std::string& path) {
  boost::system::error_code bad;
  boost::json::value at = boost::json::parse(json, bad);
  for (const std::string_view name : core::split(path, '.')) {
    if (!at.is_object()) return {};
    const boost::json::value* const found = at.as_object().if_contains({name.data(), name.size()});
    if (found == nullptr || found->is_null()) return {};
    boost::json::value next = *found;
    at = std::move(next);
  }
  if (at.is_string()) return std::string(at.as_string().c_str());
  return boost::json::serialize(at);
}

}  // namespace pofetch::test
