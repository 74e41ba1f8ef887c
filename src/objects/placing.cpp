#include "objects/placing.hpp"

#include "core/ascii.hpp"
#include "core/consequence.hpp"
#include "core/encoding.hpp"
#include "core/percent.hpp"
#include "objects/xml_text.hpp"
#include "storage/bodies/hasher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace pofetch::objects {

namespace {

constexpr std::string_view digest_mark = "x-amz-meta-pofetch-sha256";
/// A name may become free, or be taken, while it is looked at.
constexpr int most_turns = 4;

object_request put_request(const store_client& to, const outgoing& what) {
  object_request request;
  request.method = "PUT";
  request.key = what.key;
  request.file = what.file;
  request.file_size = what.size;
  request.file_sha256 = what.sha256;
  auto add = [&request](std::string name, std::string value) {
    if (!value.empty()) request.fields.push_back({std::move(name), std::move(value)});
  };
  const bool plain = std::none_of(what.media_type.begin(), what.media_type.end(),
                                  [](char c) { return core::is_control(c) || (c & 0x80) != 0; });
  add("Content-Type", plain && !what.media_type.empty() ? what.media_type : "application/octet-stream");
  add("Content-Disposition", disposition_of(what.name));
  add("x-amz-meta-pofetch-batch", core::encode_component(to.setup().batch));
  add("x-amz-meta-pofetch-po", core::encode_component(what.po));
  add(std::string(digest_mark), what.sha256);
  return request;
}

failure name_taken(const outgoing& what) {
  return make_failure(errc::exists, fmt::format("The name {} is taken by an object that is not this batch's; "
                                                "it was left as it is.",
                                                what.key));
}

/// Of an object without our mark: reads it.
awaitable<result<bool>> has_same_bytes(store_client& from, const outgoing& what) {
  auto digest = storage::hasher::make(digest_algorithm::sha256);
  if (!digest) co_return digest.error();
  object_request request;
  request.key = what.key;
  const body_receiver add = [&digest](std::span<const std::byte> bytes) { return digest->update(bytes); };
  auto answer = co_await from.send(request, &add);
  if (!answer) co_return unreachable(from, answer.error());
  co_return answer->good() && core::to_hex(digest->digest()) == what.sha256;
}

struct standing_object {
  bool there = false;
  bool ours = false;
  std::string etag{};
  file_facts facts{};
};

/// What has the name now.
awaitable<result<standing_object>> look_at(store_client& from, const outgoing& what) {
  object_request request;
  request.method = "HEAD";
  request.key = what.key;
  auto answer = co_await from.send(request);
  if (!answer) co_return unreachable(from, answer.error());
  standing_object found;
  if (answer->status == 404) co_return found;
  if (!answer->good()) co_return refusal(from, *answer, "look at an object");
  found.there = true;
  found.etag = answer->field("ETag");
  found.facts = facts_of(*answer);
  if (found.facts.size != what.size) co_return found;
  const std::string_view mark = answer->field(digest_mark);
  found.ours = mark == what.sha256;
  if (!mark.empty()) co_return found;
  auto same = co_await has_same_bytes(from, what);
  if (!same) co_return same.error();
  found.ours = *same;
  co_return found;
}

failure refused_put(const store_client& to, const outgoing& what, const object_answer& answer) {
  const std::string word = error_word(answer.body);
  if (word == "XAmzContentSHA256Mismatch" || word == "BadDigest")
    return make_failure(errc::digest_mismatch,
                        fmt::format("{} was changed on its way to the object store", what.key));
  if (word == "KeyTooLongError" || word == "EntityTooLarge" || word == "InvalidObjectName")
    return make_failure(errc::unsupported,
                        fmt::format("{} cannot be an object of this store: {}", what.key, word));
  return refusal(to, answer, "write an object");
}

}  // namespace

bool is_of_store(const failure& why) noexcept {
  return why.code != errc::exists && why.code != errc::digest_mismatch && why.code != errc::unsupported;
}

awaitable<result<file_facts>> put_object(store_client& to, const outgoing& what, bool conditions) {
  // The first PUT is its own question whether the name is free.
  bool look_first = !conditions || what.how == placement::replace;
  for (int turn = 0; turn < most_turns; ++turn) {
    object_request request = put_request(to, what);
    standing_object before;
    if (std::exchange(look_first, true)) {
      auto found = co_await look_at(to, what);
      if (!found) co_return found.error();
      before = std::move(*found);
    }
    if (before.ours) co_return before.facts;
    if (before.there && what.how == placement::fresh) co_return name_taken(what);
    if (conditions) {
      if (before.there)
        request.fields.push_back({"If-Match", before.etag});
      else
        request.fields.push_back({"If-None-Match", "*"});
    }
    auto answer = co_await to.send(request);
    if (!answer) co_return unreachable(to, answer.error());
    if (answer->good()) co_return facts_of(*answer, what.size);
    const bool lost_race = answer->status == 412 || (answer->status == 404 && before.there);
    if (!lost_race) co_return refused_put(to, what, *answer);
  }
  co_return name_taken(what);
}

file_facts facts_of(const object_answer& answer, std::uint64_t size) {
  const std::string digits = sha256_hex(answer.field("ETag")).substr(0, 15);
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return {size, std::max<std::int64_t>(number, 1)};
}

file_facts facts_of(const object_answer& answer) { return facts_of(answer, answer.length.value_or(0)); }

failure refusal(const store_client& from, const object_answer& answer, std::string_view doing) {
  const std::string word = error_word(answer.body);
  const std::string told = fmt::format("{}{}{}", answer.status, word.empty() ? "" : " ", word);
  if (answer.status == 401 || answer.status == 403)
    return make_failure(errc::config, fmt::format("{} refuses these credentials to {}: it answers {}",
                                                  from.shown(), doing, told));
  if (word == "NoSuchBucket")
    return make_failure(errc::config,
                        fmt::format("{} has no such bucket: it answers {}", from.shown(), told));
  return make_failure(errc::disk, fmt::format("{} does not {}: it answers {}", from.shown(), doing, told));
}

failure unreachable(const store_client& from, failure why) {
  const auto of = kind_of(why.code);
  if (of == error_kind::usage || of == error_kind::machine || of == error_kind::cancelled) return why;
  return make_failure(errc::disk, fmt::format("{} cannot be used: {}", from.shown(), why.message));
}

std::string disposition_of(std::string_view name) {
  std::string plain;
  bool all = true;
  for (const char c : name) {
    const bool usable = !core::is_control(c) && (c & 0x80) == 0 && c != '"' && c != '\\' && c != '%';
    plain += usable ? c : '_';
    all = all && usable;
  }
  std::string made = "attachment; filename=\"" + plain + "\"";
  if (!all) made += "; filename*=UTF-8''" + core::encode_component(name);
  return made;
}

}  // namespace pofetch::objects
