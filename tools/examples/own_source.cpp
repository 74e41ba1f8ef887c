// Fetches from a system that pofetch does not know: a made-up help desk. GET /tickets/NUMBER answers with one
// line for each file of a ticket, `ID NAME`; the file itself is at /files/ID. Everything else (many at once,
// retries, checks, resuming, report) is pofetch's.
#include <pofetch/batch.hpp>

#include <cstdio>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <utility>

namespace {

/// Keeps the text of an answer.
class text_sink final : public pofetch::body_sink {
 public:
  std::string text;
  pofetch::result<void> begin(const pofetch::http_response&) override { return {}; }
  pofetch::result<void> write(std::span<const std::byte> bytes) override {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
};

class help_desk final : public pofetch::attachment_source {
 public:
  help_desk(pofetch::transport& http, std::string base_url) : http_(http), base_url_(std::move(base_url)) {}

  pofetch::awaitable<pofetch::result<pofetch::discovery>> discover(
      const pofetch::purchase_order& ticket) override {
    pofetch::http_request ask;
    ask.url = base_url_ + "/tickets/" + ticket.number;
    ask.urgent = true;
    ask.max_body = 1U << 20;
    text_sink list;
    auto answer = co_await http_.exchange(ask, list);
    if (!answer) co_return answer.error();
    if (answer->status == 401)
      co_return pofetch::make_failure(pofetch::errc::session_expired, "the help desk asks to sign in");
    if (answer->status == 404)
      co_return pofetch::make_failure(pofetch::errc::not_found, "there is no ticket " + ticket.number);
    if (answer->status != 200) {
      auto why = pofetch::make_failure(pofetch::errc::http_status, "the help desk answered with an error");
      why.http_status = answer->status;
      co_return why;
    }
    pofetch::discovery found;
    found.page_url = ask.url;
    std::istringstream lines(list.text);
    for (std::string id, name; lines >> id && std::getline(lines >> std::ws, name);) {
      pofetch::attachment file;
      file.key = id;
      file.url = base_url_ + "/files/" + id;
      file.name = name;
      found.attachments.push_back(std::move(file));
    }
    co_return found;
  }

 private:
  pofetch::transport& http_;
  std::string base_url_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s LIST DIR BASE_URL [CA_FILE]\n", argv[0]);
    return static_cast<int>(pofetch::exit_state::usage);
  }
  pofetch::batch_options options;
  options.input = argv[1];
  options.out = argv[2];
  options.base_url = argv[3];
  if (argc > 4) options.pool.ca_file = argv[4];
  options.own_source = [base = options.base_url](pofetch::transport& http, pofetch::clock&) {
    return std::make_unique<help_desk>(http, base);
  };

  pofetch::progress silent;
  pofetch::batch job(options, silent);
  const pofetch::batch_result done = job.run();
  if (done.error) std::fprintf(stderr, "%s\n", done.error->message.c_str());
  std::printf("%llu files of %llu tickets\n",
              static_cast<unsigned long long>(done.totals.attachments_downloaded),
              static_cast<unsigned long long>(done.totals.purchase_orders));
  return static_cast<int>(done.state);
}
