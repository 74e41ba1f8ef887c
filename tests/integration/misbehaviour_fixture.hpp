#pragma once

#include "support/origin.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <pofetch/batch.hpp>

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::testing {

/// One request for the attachment of a row, and the client's end.
struct visit {
  const origin_request& request;
  origin_peer& peer;
  unsigned turn;  ///< from 1, over all requests for this row
};

using misbehaviour_script = std::function<void(const visit&)>;

/// What the origin does for one attachment of a PO that has a good one before it and one behind it, and
/// what must come of it.
struct misbehaviour {
  std::string slug;  ///< PO number; the attachment is /<slug>/x
  misbehaviour_script answer;
  std::optional<std::string> file{};  ///< content on disk; nothing: there is no file
  std::string code{};                 ///< with a file: a remark
  std::string words{};                ///< stand in the message
  std::size_t requests = 1;           ///< for anything below /<slug>/x
  std::uint64_t attempts = 1;
  std::string name = "x.bin";
  std::string sha256{};  ///< as the list has them
  std::string size{};
  std::string url{};     ///< instead of /<slug>/x at the origin
  bool pending = false;  ///< the run ends before it is decided
  bool keep = false;     ///< the origin keeps the connection after an answer
};

/// Tried as often as the table allows (2 tries), and not got.
misbehaviour given_up(std::string slug, misbehaviour_script answer, std::string code, std::string words);
/// Not got, and not tried again.
misbehaviour refused(std::string slug, misbehaviour_script answer, std::string code, std::string words);
/// Got, after so many requests in one try.
misbehaviour fine(std::string slug, misbehaviour_script answer, std::string file = "hello",
                  std::size_t requests = 1);
/// Got at the second try.
misbehaviour healed(misbehaviour_script first, std::string slug, std::string file = "hello");

/// Sends these bytes as they are.
misbehaviour_script raw(std::string bytes);
/// A whole answer.
misbehaviour_script reply(int status, std::string body, origin_peer::fields fields = {});
/// The first turns, then the last one again and again.
misbehaviour_script turns(std::vector<misbehaviour_script> each);

/// What the engine tells while it runs.
class told final : public progress {
 public:
  void on(const progress_event& event) override;
  /// From a script: until so many attachments are finished (10 s at most).
  void wait_for_finished(std::size_t count, origin_peer& peer) const;
  [[nodiscard]] std::vector<std::pair<failure, std::chrono::milliseconds>> retries() const;

  /// Called for every retry.
  std::function<void()> on_retry;

 private:
  void take_retry(const event::retrying& one);

  mutable std::mutex mutex_;
  std::size_t finished_ = 0;
  std::vector<std::pair<failure, std::chrono::milliseconds>> retries_;
};

/// A manifest batch of all rows, the origin that they are fetched from, and the look at what came of them.
/// Short waits: two tries, a backoff of a millisecond.
class misbehaviour_run {
 public:
  explicit misbehaviour_run(std::vector<misbehaviour> rows);

  batch_result run();
  /// Every row: report, disk, ledger and number of requests are as it says; its neighbours are COMPLETED.
  void check();
  /// The same for one row of a batch with one row.
  void run_and_check(exit_state expected);

  [[nodiscard]] std::size_t requests(const std::string& below) const;

  test::temp_dir dir;
  told events;
  std::vector<misbehaviour> rows;
  origin server;
  batch_options options;
  /// In addition to the rows' own; files that are there already and may stay.
  std::function<void(batch&)> before_run;

 private:
  void answer(const origin_request& request, origin_peer& peer);
  void write_manifest();
  void check_row(const misbehaviour& row, const boost::json::object& po, const std::string& csv) const;
  void check_subject(const misbehaviour& row, const boost::json::object& one) const;
  void check_disk() const;

  std::mutex mutex_;
  std::map<std::string, unsigned> turns_;
};

std::string base64_sha256_of_hello();
using pofetch::test::has;

}  // namespace pofetch::testing
