#include "pipeline/session_gate.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace pofetch::pipeline {

std::shared_ptr<async::event> session_gate::enter(boost::asio::any_io_executor where) {
  auto opened = std::make_shared<async::event>(where);
  const std::lock_guard lock(mutex_);
  lanes_.push_back({std::move(where), opened});
  return opened;
}

session_gate::round session_gate::now() const {
  const std::lock_guard lock(mutex_);
  return round_;
}

bool session_gate::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool session_gate::take_charge(round seen) {
  const std::lock_guard lock(mutex_);
  if (closed_ || seen != round_) return false;
  closed_ = true;
  return true;
}

std::uint64_t session_gate::renewals() const {
  const std::lock_guard lock(mutex_);
  return renewals_;
}

void session_gate::gained() {
  const std::lock_guard lock(mutex_);
  in_vain_ = 0;
}

unsigned session_gate::renewed_in_vain() const {
  const std::lock_guard lock(mutex_);
  return in_vain_;
}

void session_gate::open(bool renewed) {
  const std::lock_guard lock(mutex_);
  closed_ = false;
  ++round_;
  if (renewed) {
    ++renewals_;
    ++in_vain_;
  }
  for (const visitor& each : lanes_)
    boost::asio::post(each.where, [opened = std::weak_ptr(each.opened)] {
      if (const auto still = opened.lock()) still->notify_all();
    });
}

}  // namespace pofetch::pipeline
