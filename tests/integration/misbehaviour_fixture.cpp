#include "integration/misbehaviour_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <set>
#include <sstream>

namespace pofetch::testing {

namespace fs = std::filesystem;
namespace json = boost::json;

misbehaviour given_up(std::string slug, misbehaviour_script answer, std::string code, std::string words) {
  misbehaviour row{std::move(slug), std::move(answer)};
  row.code = std::move(code);
  row.words = std::move(words);
  row.requests = 2;
  row.attempts = 2;
  return row;
}

misbehaviour refused(std::string slug, misbehaviour_script answer, std::string code, std::string words) {
  misbehaviour row = given_up(std::move(slug), std::move(answer), std::move(code), std::move(words));
  row.requests = 1;
  row.attempts = 1;
  return row;
}

misbehaviour fine(std::string slug, misbehaviour_script answer, std::string file, std::size_t requests) {
  misbehaviour row{std::move(slug), std::move(answer)};
  row.file = std::move(file);
  row.requests = requests;
  return row;
}

misbehaviour healed(misbehaviour_script first, std::string slug, std::string file) {
  misbehaviour row = fine(std::move(slug), turns({std::move(first), reply(200, file)}), file, 2);
  row.attempts = 2;
  return row;
}

misbehaviour_script raw(std::string bytes) {
  return [bytes = std::move(bytes)](const visit& v) { v.peer.send(bytes); };
}

misbehaviour_script reply(int status, std::string body, origin_peer::fields fields) {
  return [status, body = std::move(body), fields = std::move(fields)](const visit& v) {
    v.peer.reply(status, body, fields);
  };
}

misbehaviour_script turns(std::vector<misbehaviour_script> each) {
  return [each = std::move(each)](const visit& v) {
    each.at(std::min<std::size_t>(v.turn, each.size()) - 1)(v);
  };
}

void told::on(const progress_event& event) {
  if (const auto* one = std::get_if<event::retrying>(&event)) return take_retry(*one);
  if (!std::holds_alternative<event::attachment_finished>(event)) return;
  const std::lock_guard lock(mutex_);
  ++finished_;
}

void told::take_retry(const event::retrying& one) {
  {
    const std::lock_guard lock(mutex_);
    retries_.emplace_back(one.why, one.delay);
  }
  if (on_retry) on_retry();
}

void told::wait_for_finished(std::size_t count, origin_peer& peer) const {
  for (int i = 0; i < 2'000; ++i) {
    {
      const std::lock_guard lock(mutex_);
      if (finished_ >= count) return;
    }
    if (!peer.stall(std::chrono::milliseconds(5))) return;
  }
}

std::vector<std::pair<failure, std::chrono::milliseconds>> told::retries() const {
  const std::lock_guard lock(mutex_);
  return retries_;
}

misbehaviour_run::misbehaviour_run(std::vector<misbehaviour> wanted)
    : rows(std::move(wanted)),
      server([this](const origin_request& request, origin_peer& peer) { answer(request, peer); }) {
  options.input = (dir / "list.csv").string();
  options.out = dir / "out";
  options.pool.ca_file = server.ca_file().string();
  options.pool.workers = 4;
  options.pool.retries = 1;
  options.pool.backoff_base = std::chrono::milliseconds(1);
  options.pool.idle_timeout = std::chrono::seconds(20);
  options.pool.max_file_size = 100'000;
  options.pool.sync = durability::none;
}

void misbehaviour_run::answer(const origin_request& request, origin_peer& peer) {
  const std::string slug = request.target.substr(1, request.target.find('/', 1) - 1);
  for (const auto& row : rows) {
    if (row.slug != slug) continue;
    if (!request.target.starts_with("/" + slug + "/x")) {
      peer.reply(200, request.target);
    } else {
      unsigned turn = 0;
      {
        const std::lock_guard lock(mutex_);
        turn = ++turns_[slug];
      }
      row.answer({request, peer, turn});
    }
    // Each on a connection of its own, so that requests can be counted.
    if (!row.keep) peer.close();
    return;
  }
  peer.reply(500, "no such row");
}

void misbehaviour_run::write_manifest() {
  std::string list = "PO,url,filename,sha256,size\n";
  for (const auto& row : rows) {
    const std::string base = server.base_url() + "/" + row.slug;
    list += row.slug + "," + base + "/before,before.bin,,\n";
    list += row.slug + "," + (row.url.empty() ? base + "/x" : row.url) + "," + row.name + "," + row.sha256 +
            "," + row.size + "\n";
    list += row.slug + "," + base + "/after,after.bin,,\n";
  }
  test::write_file(options.input, list);
}

batch_result misbehaviour_run::run() {
  write_manifest();
  batch job(options, events);
  if (before_run) before_run(job);
  batch_result done = job.run();
  events.on_retry = {};
  return done;
}

void misbehaviour_run::run_and_check(exit_state expected) {
  const batch_result done = run();
  CHECK(done.state == expected);
  check();
}

std::size_t misbehaviour_run::requests(const std::string& below) const {
  std::size_t count = 0;
  for (const auto& request : server.log()) count += request.target.starts_with(below) ? 1U : 0U;
  return count;
}

void misbehaviour_run::check() {
  const auto written = write_batch_report(options.out, dir / "report.json");
  REQUIRE(written.has_value());
  const json::value report = json::parse(test::read_file(dir / "report.json"));
  const auto& pos = report.at("purchase_orders").as_array();
  REQUIRE(pos.size() == rows.size());
  std::istringstream csv(test::read_file(options.out / "report.csv"));
  std::string line;
  std::getline(csv, line);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::getline(csv, line);
    check_row(rows[i], pos[i].as_object(), line);
  }
  check_disk();
}

void misbehaviour_run::check_row(const misbehaviour& row, const json::object& po,
                                 const std::string& csv) const {
  CAPTURE(row.slug);
  CAPTURE(json::serialize(po));
  CAPTURE(csv);
  CHECK(po.at("po_number").as_string() == row.slug);
  const std::string status = row.pending ? "PENDING" : row.file ? "COMPLETED" : "PARTIAL";
  CHECK(po.at("status").as_string() == status);
  CHECK(has(csv, "," + status + ","));
  if (status == "PARTIAL" && po.at("error").is_object()) {
    CHECK(po.at("error").at("code").as_string() == row.code);
    CHECK(has(csv, "," + row.code + ","));
    CHECK(has(csv, row.words));
    CHECK(has(csv, "PO " + row.slug));
  }
  const auto& all = po.at("attachments").as_array();
  REQUIRE(all.size() == 3);
  for (const std::size_t neighbour : {0U, 2U}) {
    const auto& one = all[neighbour].as_object();
    CHECK(one.at("status").as_string() == "COMPLETED");
    CHECK(one.at("error").is_null());
  }
  check_subject(row, all[1].as_object());
  const std::size_t expected_files = row.file ? 3 : 2;
  CHECK(po.at("attachments_downloaded").to_number<std::size_t>() == expected_files);
  if (row.url.empty()) CHECK(requests("/" + row.slug + "/x") == row.requests);
}

void misbehaviour_run::check_subject(const misbehaviour& row, const json::object& one) const {
  CHECK(one.at("name").as_string() == row.name);
  CHECK(one.at("status").as_string() == (row.pending ? "PENDING" : row.file ? "COMPLETED" : "FAILED"));
  CHECK(one.at("attempts").to_number<std::uint64_t>() == row.attempts);
  CHECK(one.at("bytes").to_number<std::uint64_t>() == (row.file ? row.file->size() : 0));
  CHECK(one.at("sha256").is_null() == !row.file);
  if (row.code.empty()) {
    CHECK(one.at("error").is_null());
    return;
  }
  // The other rows are looked at all the same.
  CHECK(one.at("error").is_object());
  if (!one.at("error").is_object()) return;
  CHECK(one.at("error").at("code").as_string() == row.code);
  const std::string message(one.at("error").at("message").as_string());
  CHECK(has(message, row.words));
  CHECK(has(message, "PO " + row.slug + ", file " + row.name));
}

void misbehaviour_run::check_disk() const {
  std::map<std::string, std::string> expected;
  for (const auto& row : rows) {
    expected[row.slug + "/before.bin"] = "/" + row.slug + "/before";
    expected[row.slug + "/after.bin"] = "/" + row.slug + "/after";
    if (row.file) expected[row.slug + "/" + row.name] = *row.file;
  }
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(options.out)) {
    const std::string path = fs::relative(entry.path(), options.out).string();
    if (entry.is_regular_file() && !path.starts_with(".pofetch/") && path != "report.csv")
      found[path] = test::read_file(entry.path());
  }
  for (const auto& file : expected) {
    CAPTURE(file.first);
    CHECK(found.contains(file.first));
    CHECK((found[file.first] == file.second));
  }
  CHECK(found.size() == expected.size());
  CHECK(fs::is_empty(options.out / ".pofetch" / "partial"));
  // The digests of the ledger are those of the bytes on disk.
  const auto verified = verify_batch(options.out, [](const damage& bad) { FAIL_CHECK(bad.problem); });
  REQUIRE(verified.has_value());
  CHECK(verified->files == expected.size());
}

std::string base64_sha256_of_hello() { return "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="; }

}  // namespace pofetch::testing
