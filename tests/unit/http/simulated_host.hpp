#pragma once

#include "http/host_load.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace pofetch::test {

/// A server and a client that always has more to ask, in time that is only counted: what `http::host_load`
/// says decides what is sent when. Requests beyond the capacity stand in line, those beyond the rate get a
/// 429.
class simulated_host {
 public:
  using time_point = http::host_load::time_point;
  using duration = http::host_load::duration;

  /// What the server is like at one moment.
  struct nature {
    unsigned capacity = 1'000'000;  ///< requests at work at once
    duration service = std::chrono::milliseconds(50);
    double per_second = 0;  ///< beyond it: 429; 0: no such limit
    double burst = 20;  ///< requests that it lets through at once after a pause; 0: it counts by the second
    bool overloaded = false;  ///< nothing but 503
  };

  /// What came back, by the second of its answer.
  struct second {
    unsigned ok = 0;
    unsigned refused = 0;
    unsigned overloaded = 0;
    unsigned most_in_flight = 0;
    unsigned limit = 0;
    double pace = 0;
  };

  simulated_host(http::host_load& load, std::function<nature(duration since)> what)
      : load_(load), what_(std::move(what)) {}

  std::vector<second> run(std::chrono::seconds span) {
    std::vector<second> log(static_cast<std::size_t>(span.count()));
    now_ = begin_;
    while (now_ < begin_ + span) {
      send(log);
      time_point next = wake_;
      if (!answers_.empty()) next = std::min(next, answers_.begin()->first);
      now_ = next;
      hear(log);
    }
    return log;
  }

 private:
  struct reply {
    http::host_load::answer what;
    bool paused = false;
  };

  static std::size_t index(time_point when) {
    return static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::seconds>(when - begin_).count());
  }

  void send(std::vector<second>& log) {
    wake_ = begin_ + std::chrono::hours(1000);
    while (in_flight_ < load_.limit()) {
      const auto left = load_.pause.left(now_);
      if (left.count() > 0) {
        booked_ = {};
        wake_ = now_ + left;
        return;
      }
      if (booked_ == time_point{}) booked_ = now_ + load_.book(now_);
      if (booked_ > now_) {
        wake_ = booked_;
        break;
      }
      booked_ = {};
      ++in_flight_;
      ask();
      second& mine = log[index(now_)];
      mine.most_in_flight = std::max(mine.most_in_flight, in_flight_);
    }
    if (in_flight_ >= load_.limit()) load_.tell_full();
  }

  void ask() {
    const nature how = what_(now_ - begin_);
    const auto way = std::chrono::milliseconds(5);
    reply made;
    made.what.sent = now_;
    made.what.what = http::host_load::kind::file;
    made.what.status = how.overloaded ? 503 : admits(how) ? 200 : 429;
    made.what.came = now_ + way;
    if (made.what.status == 200) made.what.came += serve(how);
    answers_.emplace(made.what.came, made);
  }

  bool admits(const nature& how) {
    if (how.per_second == 0) return true;
    const double since = std::chrono::duration<double>(now_ - filled_).count();
    filled_ = now_;
    if (how.burst == 0) {
      if (index(now_) != counted_) {
        counted_ = index(now_);
        tokens_ = how.per_second;
      }
    } else {
      tokens_ = std::min(tokens_ + since * how.per_second, how.burst);
    }
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

  /// The one of the `capacity` that is free first takes the next in line.
  duration serve(const nature& how) {
    const unsigned places = std::min(how.capacity, 4096U);
    while (free_.size() > places) free_.erase(free_.begin());
    while (free_.size() < places) free_.insert({now_, 0});
    const auto first = free_.begin();
    const time_point start = std::max(first->first, now_);
    free_.erase(first);
    // Some take a tenth less, some a tenth more.
    dice_ = dice_ * 6364136223846793005U + 1442695040888963407U;
    const auto spread = how.service / 1000 * static_cast<int>(900 + (dice_ >> 33U) % 201);
    free_.insert({start + spread, 0});
    return start + spread - now_;
  }

  void hear(std::vector<second>& log) {
    while (!answers_.empty() && answers_.begin()->first <= now_) {
      const reply heard = answers_.begin()->second;
      answers_.erase(answers_.begin());
      --in_flight_;
      load_.tell(heard.what);
      if (heard.what.status != 200) {
        const auto resume = now_ + std::chrono::seconds(1);
        load_.pause.hold_until(resume);
        if (heard.what.status == 429) load_.tell_refused(heard.what, resume);
      }
      if (index(now_) >= log.size()) return;
      second& mine = log[index(now_)];
      (heard.what.status == 200 ? mine.ok : heard.what.status == 429 ? mine.refused : mine.overloaded) += 1;
      mine.limit = load_.limit();
      mine.pace = load_.per_second();
    }
  }

  static constexpr time_point begin_{std::chrono::hours(1)};
  http::host_load& load_;
  std::function<nature(duration)> what_;
  time_point now_{};
  time_point wake_{};
  time_point booked_{};
  time_point filled_{};
  double tokens_ = 20;
  std::size_t counted_ = 0;
  std::uint64_t dice_ = 1;
  unsigned in_flight_ = 0;
  std::multimap<time_point, int> free_;
  std::multimap<time_point, reply> answers_;
};

}  // namespace pofetch::test
