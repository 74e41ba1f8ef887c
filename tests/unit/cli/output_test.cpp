#include "cli/screen/event_log.hpp"
#include "cli/screen/json_events.hpp"
#include "cli/screen/output_thread.hpp"
#include "os/read_write.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;

namespace {

struct pipe_pair {
  int read_end = -1;
  int write_end = -1;
  pipe_pair() {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    read_end = ends[0];
    write_end = ends[1];
  }
  ~pipe_pair() {
    ::close(read_end);
    if (write_end >= 0) ::close(write_end);
  }
  std::string rest() {
    ::close(write_end);
    write_end = -1;
    std::string all;
    char piece[4096];
    for (ssize_t n = 0; (n = ::read(read_end, piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(n));
    return all;
  }
};

std::string joined(const std::vector<std::string>& lines, bool last) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return last ? text + "end\n" : text;
}

boost::json::object parsed(const std::string& line) {
  CHECK(line.find('\n') == std::string::npos);
  return boost::json::parse(line).as_object();
}

}  // namespace

TEST_CASE("output: every line in order, the last frame once, nothing afterwards") {
  pipe_pair ends;
  output_thread out(ends.write_end, std::chrono::hours{1}, overflow::wait,
                    [](const auto& lines, bool, bool last) { return joined(lines, last); });
  std::string wanted;
  for (int i = 0; i < 500; ++i) {
    out.push(std::to_string(i));
    wanted += std::to_string(i) + "\n";
  }
  out.finish();
  out.push("late");
  out.finish();
  CHECK(ends.rest() == wanted + "end\n");
}

TEST_CASE("output: a reader that went away stops nobody") {
  ::signal(SIGPIPE, SIG_IGN);
  pipe_pair ends;
  ::close(ends.read_end);
  ends.read_end = -1;
  output_thread out(ends.write_end, std::chrono::milliseconds{1}, overflow::wait,
                    [](const auto& lines, bool, bool last) { return joined(lines, last); });
  for (int i = 0; i < 20'000; ++i) out.push("line");
  out.finish();
  CHECK(os::write_all(ends.write_end, "x") == EPIPE);
}

TEST_CASE("output: with a slow reader lines for people are dropped and counted") {
  pipe_pair ends;
  std::string all;
  {
    bool first = true;
    // The first frame fills the pipe, so that the thread is stuck in its write while lines come.
    output_thread out(ends.write_end, std::chrono::hours{1}, overflow::drop,
                      [&](const auto& lines, bool, bool last) {
                        if (!std::exchange(first, false)) return joined(lines, last);
                        return std::string(1 << 20, 'x') + "\n" + joined(lines, last);
                      });
    for (int i = 0; i < 30'000; ++i) out.push("line");
    std::thread reader([&] {
      char piece[4096];
      for (ssize_t n = 0;
           all.find("end\n") == std::string::npos && (n = ::read(ends.read_end, piece, sizeof piece)) > 0;)
        all.append(piece, static_cast<std::size_t>(n));
    });
    out.finish();
    reader.join();
  }
  CHECK(all.find("further messages are not shown") != std::string::npos);
}

TEST_CASE("json: every event is one object with its name and time") {
  batch_totals totals;
  totals.purchase_orders = 3;
  totals.by_status[static_cast<std::size_t>(po_status::completed)] = 3;
  const auto started =
      parsed(json_line(event::batch_started{share(totals), share(intake_counts{4, 1, 0}), 8}));
  CHECK(started.at("event") == "batch_started");
  CHECK(started.at("time").as_string().size() == 20);
  CHECK(started.at("purchase_orders").to_number<int>() == 3);
  CHECK(started.at("repeated").to_number<int>() == 1);
  CHECK(started.at("by_status").at("COMPLETED").to_number<int>() == 3);

  po_outcome outcome;
  outcome.po.number = "7";
  outcome.status = po_status::failed;
  outcome.error = failure{errc::http_status, 500, "bad\n\x1b answer \xff"};
  const auto finished = parsed(json_line(event::po_finished{2, share(outcome)}));
  CHECK(finished.at("event") == "po_finished");
  CHECK(finished.at("status") == "FAILED");
  CHECK(finished.at("error").at("code") == "http_500");

  attachment_record record;
  record.name = "a\".pdf";
  record.status = attachment_status::committing;
  const auto file = parsed(json_line(event::attachment_finished{0, share(record)}));
  CHECK(file.at("status") == "COMPLETED");
  CHECK(file.at("name") == "a\".pdf");
  CHECK(file.at("error").is_null());

  CHECK(parsed(json_line(event::retrying{0, make_failure(errc::timeout, "t"), std::chrono::milliseconds{20}}))
            .at("delay_ms") == 20);
  CHECK(json_line(event::bytes_received{0, 1}).empty());
  CHECK(parsed(json_line(event::notice{notice_level::warning, "w"})).at("level") == "warning");
  CHECK(parsed(json_progress({})).at("eta_seconds").is_null());
  CHECK(parsed(json_progress({})).at("throttled") == false);
  const auto spared =
      parsed(json_line(event::throttled{"slow.com", 12, 16, 19.46, std::chrono::milliseconds{1500}}));
  CHECK(spared.at("host") == "slow.com");
  CHECK(spared.at("in_flight") == 12);
  CHECK(spared.at("most_in_flight") == 16);
  CHECK(spared.at("requests_per_second") == 19.5);
  CHECK(spared.at("pause_seconds") == 1.5);
  CHECK(spared.at("over") == false);
  const auto over = parsed(json_line(event::throttled{"slow.com", 16, 16, 0, {}}));
  CHECK(over.at("requests_per_second").is_null());
  CHECK(over.at("over") == true);
  CHECK(parsed(json_line(event::batch_finished{share(totals), share(run_record{})})).at("interrupted") ==
        false);
}

TEST_CASE("json: secrets in messages are masked") {
  const std::string line = json_line(event::notice{notice_level::error, "https://h.example/f?token=geheim"});
  CHECK(line.find("geheim") == std::string::npos);
}

TEST_CASE("log: lines without secrets or control characters, more with -vv") {
  const auto path =
      std::filesystem::temp_directory_path() / ("pofetch-log-test-" + std::to_string(::getpid()));
  const auto written = [&](unsigned verbose) {
    std::filesystem::remove(path);
    {
      auto log = event_log::open(path, false, verbose);
      REQUIRE(log.has_value());
      purchase_order po;
      po.number = "5\n6";
      (*log)->on(event::po_started{0, share(po)});
      (*log)->on(event::notice{notice_level::warning, "Set-Cookie: _coupa_session=geheim\nforged line"});
      (*log)->on(event::retrying{0, make_failure(errc::timeout, "https://h/x?X-Amz-Signature=geheim"),
                                 std::chrono::milliseconds{9}});
      po_outcome outcome;
      outcome.po = po;
      outcome.status = po_status::failed;
      outcome.error = make_failure(errc::tls, "bad certificate");
      (*log)->on(event::po_finished{0, share(outcome)});
    }
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string brief = written(1);
  CHECK(brief.find("geheim") == std::string::npos);
  CHECK(brief.find("\nforged") == std::string::npos);
  CHECK(brief.find("FAILED") != std::string::npos);
  CHECK(brief.find("tls: bad certificate") != std::string::npos);
  CHECK(brief.find("begun") == std::string::npos);
  CHECK(written(2).find("PO 5 6 begun") != std::string::npos);
  std::filesystem::remove(path);
}

TEST_CASE("log: a pipe that nobody reads, refused and not waited for") {
  const auto path =
      std::filesystem::temp_directory_path() / ("pofetch-log-fifo-" + std::to_string(::getpid()));
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const auto log = event_log::open(path, false, 0);
  std::filesystem::remove(path);
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().code == errc::config);
  CHECK(log.error().message.find(path.string()) != std::string::npos);
}

TEST_CASE("log: a file that cannot be written, a failure that names it") {
  const auto log = event_log::open("/no/such/folder/log.txt", false, 0);
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().code == errc::config);
  CHECK(log.error().message.find("/no/such/folder/log.txt") != std::string::npos);
}
