// Any bytes as a page of Coupa: the facts are the same in whatever pieces it comes, every attachment has an
// http(s) address and a key of its own, and no list of facts passes its bound.
#include "core/html_marks.hpp"
#include "fuzz/fuzz_input.hpp"
#include "sources/coupa_web/page_reader.hpp"

#include <array>
#include <optional>
#include <set>
#include <string>

namespace {

using namespace pofetch;

http_response head_for(std::string_view page) {
  constexpr std::array<const char*, 4> types{"text/html; charset=utf-8", "text/html", "",
                                             "text/html; charset=iso-8859-1"};
  http_response head;
  head.status = 200;
  head.url = "https://tenant.example/order_headers/123";
  head.fields.push_back({"Content-Type", types[page.size() % types.size()]});
  return head;
}

/// `whole`: in one piece.
std::optional<sources::page_facts> read(std::string_view page, bool whole) {
  sources::page_reader reader("123");
  (void)reader.begin(head_for(page));
  fuzz::dice dice(page);
  for (std::string_view rest = page; !rest.empty();) {
    const std::string_view piece = rest.substr(0, whole ? rest.size() : dice.size(4096));
    rest.remove_prefix(piece.size());
    if (!reader.write(fuzz::bytes_of(piece))) return std::nullopt;
  }
  auto facts = reader.finish();
  if (!facts) return std::nullopt;
  return std::move(*facts);
}

std::string described(const sources::page_facts& facts) {
  std::string all = facts.title + '\0' + facts.supplier + '\0';
  for (const auto& each : facts.attachments) all += each.key + '\0' + each.url + '\0' + each.name + '\0';
  for (const auto& [key, note] : facts.notes) all += key + '\0' + note.not_a_file + '\0';
  for (const auto& name : facts.not_understood) all += name + '\0';
  for (const auto& each : facts.requisitions) all += each.number + '\0' + each.url + '\0';
  for (const auto& number : facts.numbers) all += number + '\0';
  for (const bool flag :
       {facts.empty, facts.has_top_form, facts.is_wanted, facts.mentions_wanted, facts.sign_in_form,
        facts.says_not_found, facts.says_not_authorized, facts.attachment_markup_seen,
        facts.too_many_attachments, facts.too_many_requisitions})
    all += flag ? '1' : '0';
  return all;
}

void check(const sources::page_facts& facts) {
  std::set<std::string> keys;
  for (const auto& each : facts.attachments) {
    fuzz::require(each.url.starts_with("http://") || each.url.starts_with("https://"));
    fuzz::require(keys.insert(each.key).second);
  }
  for (const auto& [key, note] : facts.notes) fuzz::require(keys.contains(key) && !note.not_a_file.empty());
  fuzz::require(facts.files + facts.notes.size() == facts.attachments.size());
  fuzz::require(facts.attachments.size() <= sources::attachment_finder::most_attachments);
  fuzz::require(facts.requisitions.size() <= sources::coupa_page::most_requisitions);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view page = fuzz::text_of(data, size);
  (void)core::is_sign_in_or_error(page);
  const auto whole = read(page, true);
  const auto pieces = read(page, false);
  fuzz::require(whole.has_value() == pieces.has_value());
  if (!whole) return 0;
  fuzz::require(described(*whole) == described(*pieces));
  check(*whole);
  return 0;
}
