#include "sources/coupa_api/json_body.hpp"

#include "core/ascii.hpp"

#include <boost/json/memory_resource.hpp>
#include <boost/json/parse_options.hpp>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace pofetch::sources {

namespace json = boost::json;

namespace {

/// Memory with an end.
class bounded_memory final : public json::memory_resource {
 private:
  void* do_allocate(std::size_t bytes, std::size_t) override {
    if (bytes > json_body::most_memory - used_) throw std::bad_alloc();
    void* const made = ::operator new(bytes);
    used_ += bytes;
    return made;
  }
  void do_deallocate(void* given, std::size_t bytes, std::size_t) override {
    used_ -= bytes;
    ::operator delete(given);
  }
  [[nodiscard]] bool do_is_equal(const json::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t used_ = 0;
};

json::parse_options options() {
  json::parse_options made;
  made.max_depth = json_body::deepest;
  return made;
}

bool is_json_type(std::string_view type) { return core::ifind(type, "json") != std::string_view::npos; }

failure too_much() {
  return make_failure(errc::too_large, "the answer of the REST API takes more memory than an answer may");
}

std::string first_text(const json::value& from, std::size_t depth) {
  if (from.is_string()) return std::string(from.get_string());
  if (depth >= json_body::deepest) return {};
  if (from.is_array()) {
    for (const auto& each : from.get_array())
      if (std::string found = first_text(each, depth + 1); !found.empty()) return found;
  }
  if (from.is_object()) {
    for (const auto& each : from.get_object())
      if (std::string found = first_text(each.value(), depth + 1); !found.empty()) return found;
  }
  return {};
}

}  // namespace

json_body::json_body() : parser_(json::make_shared_resource<bounded_memory>(), options()) {}

result<void> json_body::begin(const http_response& head) {
  parser_.reset(json::make_shared_resource<bounded_memory>());
  announced_ = is_json_type(head.field("Content-Type"));
  broken_ = false;
  begun_ = false;
  text_.clear();
  return {};
}

result<void> json_body::write(std::span<const std::byte> bytes) {
  const auto* chars = reinterpret_cast<const char*>(bytes.data());
  if (!announced_) text_.append(chars, std::min(bytes.size(), most_kept - text_.size()));
  if (broken_) return {};
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::string_view rest(chars, bytes.size());
  if (!std::exchange(begun_, true) && rest.starts_with(byte_order_mark))
    rest.remove_prefix(byte_order_mark.size());
  try {
    json::error_code bad;
    parser_.write(rest.data(), rest.size(), bad);
    broken_ = static_cast<bool>(bad);
  } catch (const std::bad_alloc&) {
    broken_ = true;
    return too_much();
  }
  return {};
}

std::optional<json::value> json_body::take() {
  if (broken_) return std::nullopt;
  json::error_code bad;
  parser_.finish(bad);
  if (bad) return std::nullopt;
  json::value whole = parser_.release();
  // What is typed as something else is JSON if it cannot be anything else: a page may say `404`.
  if (!announced_ && !whole.is_object() && !whole.is_array()) return std::nullopt;
  return whole;
}

std::string text_of(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains(name);
  if (found == nullptr) return {};
  if (found->is_string()) return std::string(found->get_string());
  if (found->is_int64()) return std::to_string(found->get_int64());
  if (found->is_uint64()) return std::to_string(found->get_uint64());
  return {};
}

const json::object* object_of(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

const json::array* array_of(const json::object& from, std::string_view name) {
  const json::value* const found = from.if_contains(name);
  return found == nullptr ? nullptr : found->if_array();
}

std::string first_text(const json::value& from) { return first_text(from, 0); }

}  // namespace pofetch::sources
