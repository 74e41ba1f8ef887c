#include "objects/listing_window.hpp"

#include "core/percent.hpp"
#include "objects/placing.hpp"
#include "objects/xml_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace pofetch::objects {

namespace {

/// Where orders come in another order than their keys, a window is of use for one order only.
constexpr std::size_t few_keys = 50;
constexpr std::size_t worth_while = 16;

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::optional<file_facts> listing_window::find(std::string_view key) {
  const auto known = known_.find(key);
  if (known == known_.end()) return std::nullopt;
  ++found_;
  return known->second;
}

bool listing_window::covers(std::string_view key) const { return key >= first_ && (!last_ || key <= *last_); }

awaitable<result<void>> listing_window::load(store_client& from, std::string folder_key) {
  const bool first_time = known_.empty();
  keys_at_once_ = first_time || found_ >= worth_while ? most_keys : few_keys;
  clear();
  object_request request;
  request.query = {{"list-type", "2"},
                   {"prefix", from.setup().where.key_of("")},
                   {"start-after", folder_key},
                   {"encoding-type", "url"},
                   {"max-keys", std::to_string(keys_at_once_)}};
  auto answer = co_await from.send(request);
  if (!answer) co_return unreachable(from, answer.error());
  if (!answer->good()) co_return refusal(from, *answer, "list objects");
  for (const std::string_view each : elements(answer->body, "Contents")) {
    object_answer one;
    one.fields.push_back({"ETag", element_text(each, "ETag")});
    known_.insert_or_assign(core::decode_percent(element_text(each, "Key")),
                            facts_of(one, number_in(element_text(each, "Size"))));
  }
  first_ = std::move(folder_key);
  if (element_text(answer->body, "IsTruncated") == "true" && !known_.empty())
    last_ = known_.rbegin()->first;
  else
    last_.reset();
  co_return result<void>();
}

void listing_window::clear() {
  first_.clear();
  last_ = std::string();
  known_.clear();
  found_ = 0;
}

}  // namespace pofetch::objects
