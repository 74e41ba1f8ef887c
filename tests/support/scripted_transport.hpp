#pragma once

#include <pofetch/clock.hpp>
#include <pofetch/transport.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::test {

/// One answer of a scripted server.
struct scripted_answer {
  int status = 200;
  std::string body{};
  std::vector<http_field> fields{};
  /// The exchange ends with this failure, after the body was handed over (before the head, if the body
  /// is empty).
  std::optional<failure> error{};
  /// Bytes handed over at once; 0: all.
  std::size_t chunk = 0;
  /// Virtual time before the head, and before every piece of the body. Need a clock.
  clock::duration delay{};
  clock::duration chunk_delay{};
  /// Announced length; by default that of the body.
  std::optional<std::uint64_t> content_length{};
  bool decoded = false;
  std::string remark{};
};

/// An answer with an HTML page.
[[nodiscard]] inline scripted_answer html_answer(std::string body, int status = 200, std::size_t chunk = 0) {
  scripted_answer made;
  made.status = status;
  made.body = std::move(body);
  made.fields.push_back({"Content-Type", "text/html; charset=utf-8"});
  made.chunk = chunk;
  return made;
}

/// An answer that leads elsewhere. The target may be absolute or begin with '/'.
[[nodiscard]] inline scripted_answer redirect_answer(std::string to, int status = 302) {
  scripted_answer made;
  made.status = status;
  made.fields.push_back({"Location", std::move(to)});
  return made;
}

/// No answer at all.
[[nodiscard]] inline scripted_answer failed_answer(errc code, std::string message = "scripted failure") {
  scripted_answer made;
  made.error = failure{code, 0, std::move(message), std::nullopt};
  return made;
}

/// A transport without a network. Every URL has its own queue of answers; the last one is given again
/// and again. Redirects are followed (up to 10) unless `stop_before` says no; `max_body` is held; an
/// address without a script ends with `internal` and stands in `unscripted`. Header only.
class scripted_transport final : public transport {
 public:
  using responder = std::function<scripted_answer(const http_request&)>;

  scripted_transport() = default;
  /// With a clock, answers may take (virtual) time.
  explicit scripted_transport(clock& time) : time_(&time) {}

  /// Adds an answer to the queue of this URL.
  scripted_transport& on(const std::string& url, scripted_answer answer) {
    script_[url].push_back(std::move(answer));
    return *this;
  }

  /// Answers of this URL are made by a function.
  scripted_transport& respond(const std::string& url, responder how) {
    responders_[url] = std::move(how);
    return *this;
  }

  /// Answers every URL that has no script.
  scripted_transport& otherwise(responder how) {
    fallback_ = std::move(how);
    return *this;
  }

  /// Every request as it was given to `exchange`, in order; redirects that were followed are not in it.
  [[nodiscard]] const std::vector<http_request>& seen() const noexcept { return seen_; }

  /// URLs asked for, redirects included, in order.
  [[nodiscard]] const std::vector<std::string>& urls() const noexcept { return urls_; }

  /// How often this URL was asked for, redirects included.
  [[nodiscard]] std::size_t count(std::string_view url) const {
    return static_cast<std::size_t>(std::count(urls_.begin(), urls_.end(), url));
  }

  /// Addresses whose hosts are to be spared.
  [[nodiscard]] const std::vector<std::string>& spared() const noexcept { return spared_; }
  void spare(std::string_view url) override { spared_.emplace_back(url); }

  [[nodiscard]] const std::vector<std::string>& unscripted() const noexcept { return unscripted_; }

  /// Exchanges under way now, and at most so far.
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
  [[nodiscard]] std::size_t peak() const noexcept { return peak_; }

  [[nodiscard]] std::uint64_t requests() const noexcept override { return urls_.size(); }

  [[nodiscard]] awaitable<result<http_response>> exchange(const http_request& request,
                                                          body_sink& sink) override {
    const counted here(*this);
    seen_.push_back(request);
    http_response head;
    head.url = request.url;
    for (int hops = 0;; ++hops) {
      const scripted_answer answer = next(head.url, request);
      if (answer.delay > clock::duration::zero() && time_ != nullptr) co_await time_->sleep_for(answer.delay);
      if (answer.error && answer.body.empty()) co_return *answer.error;
      head.status = answer.status;
      head.fields = answer.fields;
      head.decoded = answer.decoded;
      head.remark = answer.remark;
      head.content_length = answer.content_length ? *answer.content_length : answer.body.size();
      const std::optional<std::string> target = redirect_target(head);
      if (target && !(request.stop_before && request.stop_before(*target))) {
        if (hops == 10)
          co_return failure{errc::too_many_redirects, 0, "more than 10 redirects", std::nullopt};
        head.url = *target;
        continue;
      }
      auto sent = co_await send_body(request, answer, head, sink);
      co_return sent;
    }
  }

 private:
  struct counted {
    scripted_transport& owner;
    explicit counted(scripted_transport& t) : owner(t) {
      owner.peak_ = std::max(owner.peak_, ++owner.in_flight_);
    }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --owner.in_flight_; }
  };

  scripted_answer next(const std::string& url, const http_request& request) {
    urls_.push_back(url);
    http_request asked = request;
    asked.url = url;
    if (const auto how = responders_.find(url); how != responders_.end()) return how->second(asked);
    const auto queue = script_.find(url);
    if (queue != script_.end()) {
      scripted_answer answer = queue->second.front();
      if (queue->second.size() > 1) queue->second.pop_front();
      return answer;
    }
    if (fallback_) return fallback_(asked);
    unscripted_.push_back(url);
    return failed_answer(errc::internal, "no answer is scripted for " + url);
  }

  static std::optional<std::string> redirect_target(const http_response& head) {
    if (head.status != 301 && head.status != 302 && head.status != 303 && head.status != 307 &&
        head.status != 308)
      return std::nullopt;
    for (const auto& field : head.fields) {
      if (field.name != "Location" && field.name != "location") continue;
      if (field.value.empty() || field.value.front() != '/') return field.value;
      const auto path = head.url.find('/', head.url.find("://") + 3);
      return head.url.substr(0, path) + field.value;
    }
    return std::nullopt;
  }

  awaitable<result<http_response>> send_body(const http_request& request, const scripted_answer& answer,
                                             const http_response& head, body_sink& sink) {
    if (auto begun = sink.begin(head); !begun) co_return begun.error();
    const std::size_t step = answer.chunk == 0 ? std::max<std::size_t>(answer.body.size(), 1) : answer.chunk;
    for (std::size_t at = 0; at < answer.body.size(); at += step) {
      if (answer.chunk_delay > clock::duration::zero() && time_ != nullptr)
        co_await time_->sleep_for(answer.chunk_delay);
      const std::string_view piece = std::string_view(answer.body).substr(at, step);
      if (at + piece.size() > request.max_body)
        co_return failure{errc::too_large, 0, "the body is larger than allowed", std::nullopt};
      const std::span<const char> chars(piece.data(), piece.size());
      if (auto written = sink.write(std::as_bytes(chars)); !written) co_return written.error();
      if (!sink.full()) continue;
      auto drained = co_await sink.drain();
      if (!drained) co_return drained.error();
    }
    if (answer.error) co_return *answer.error;
    co_return head;
  }

  clock* time_ = nullptr;
  std::map<std::string, std::deque<scripted_answer>> script_;
  std::map<std::string, responder> responders_;
  responder fallback_;
  std::vector<http_request> seen_;
  std::vector<std::string> urls_;
  std::vector<std::string> unscripted_;
  std::vector<std::string> spared_;
  std::size_t in_flight_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace pofetch::test
