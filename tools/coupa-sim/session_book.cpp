#include "coupa-sim/session_book.hpp"

#include "coupa-sim/dice.hpp"

#include <fmt/format.h>

#include <charconv>
#include <random>

namespace coupa_sim {
namespace {

std::uint64_t random_secret() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

session_book::session_book(unsigned slide_every, unsigned slide_grace, std::uint64_t expire_after)
    : slide_every_(slide_every),
      slide_grace_(slide_grace),
      expire_after_(expire_after),
      secret_(random_secret()) {}

std::string session_book::value_of(std::uint64_t number) const {
  return fmt::format("s{}.{}--{:016x}", epoch_, number, draw(secret_, epoch_, number));
}

bool session_book::is_good(std::string_view value) const {
  const auto dot = value.find('.');
  const auto dashes = value.find("--");
  if (dot == std::string_view::npos || dashes == std::string_view::npos || dashes < dot) return false;
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(value.data() + dot + 1, value.data() + dashes, number);
  if (error != std::errc{} || stop != value.data() + dashes || number > newest_) return false;
  return newest_ - number <= slide_grace_ && value == value_of(number);
}

std::string session_book::sign_in() {
  const std::lock_guard lock(mutex_);
  alive_ = true;
  ++epoch_;
  newest_ = 0;
  requests_ = 0;
  return value_of(newest_);
}

void session_book::expire() {
  const std::lock_guard lock(mutex_);
  alive_ = false;
}

std::string session_book::current() const {
  const std::lock_guard lock(mutex_);
  return alive_ ? value_of(newest_) : std::string();
}

session_book::verdict session_book::check(std::string_view value) {
  const std::lock_guard lock(mutex_);
  if (!alive_ || !is_good(value)) return {};
  if (expire_after_ != 0 && requests_ >= expire_after_) {
    alive_ = false;
    return {};
  }
  ++requests_;
  verdict found{true, {}};
  if (slide_every_ != 0 && requests_ % slide_every_ == 0) found.newer = value_of(++newest_);
  return found;
}

}  // namespace coupa_sim
