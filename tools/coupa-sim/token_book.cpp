#include "coupa-sim/token_book.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace coupa_sim {
namespace {

/// Unpredictable, so that no token of another site is good here by chance.
std::string random_word(std::string_view lead) {
  std::random_device device;
  std::string word(lead);
  for (int i = 0; i < 6; ++i) word += fmt::format("{:08x}", device());
  return word;
}

/// The next word of `text`, which is cut off it; empty at the end.
std::string_view take_word(std::string_view& text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return text = {};
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

token_book::token_book(std::chrono::seconds lifetime, std::uint64_t requests)
    : lifetime_(lifetime),
      requests_(requests),
      secret_(random_word("sim-secret-")),
      api_key_(random_word("sim-key-")) {}

bool has_scope(std::string_view scopes, std::string_view wanted) {
  for (std::string_view word = take_word(scopes); !word.empty(); word = take_word(scopes))
    if (word == wanted) return true;
  return false;
}

bool token_book::knows_scopes(std::string_view scopes) {
  bool any = false;
  for (std::string_view word = take_word(scopes); !word.empty(); word = take_word(scopes)) {
    if (word != order_scope && word != requisition_scope) return false;
    any = true;
  }
  return any;
}

std::string token_book::issue(std::string_view scopes) {
  std::string token = random_word("sim-token-");
  const std::lock_guard lock(mutex_);
  tokens_.emplace(token, entry{std::string(scopes), std::chrono::steady_clock::now() + lifetime_, 0});
  return token;
}

void token_book::expire() {
  const std::lock_guard lock(mutex_);
  tokens_.clear();
}

token_book::verdict token_book::check(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return {};
  entry& known = found->second;
  const bool worn_out = requests_ != 0 && known.requests >= requests_;
  if (worn_out || std::chrono::steady_clock::now() >= known.ends) {
    tokens_.erase(found);
    return {};
  }
  ++known.requests;
  return {true, known.scopes};
}

}  // namespace coupa_sim
