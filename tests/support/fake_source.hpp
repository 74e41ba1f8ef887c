#pragma once

#include <pofetch/attachment_source.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::test {

/// A source whose answers a test writes down. A PO without an answer has no attachments.
class fake_source final : public attachment_source {
 public:
  std::map<std::string, result<discovery>> answers;
  /// If set, decides instead of `answers`.
  std::function<result<discovery>(const purchase_order&)> decide;
  /// If set, answers for a PO whose pages are known.
  std::function<result<discovery>(const purchase_order&, const std::vector<page_mark>&)> again;
  /// Every PO asked for, in order.
  std::vector<std::string> asked;

  /// PO `number` has these files, each `https://files/<number>/<name>` unless the name is a whole URL.
  void has(const std::string& number, const std::vector<std::string>& names) {
    discovery found;
    found.page_url = "https://coupa/" + number;
    for (std::size_t i = 0; i < names.size(); ++i) {
      attachment one;
      one.url = "https://files/" + number + "/" + std::to_string(i);
      one.key = one.url;
      one.name = names[i];
      found.attachments.push_back(std::move(one));
    }
    answers.insert_or_assign(number, std::move(found));
  }

  void fails(const std::string& number, failure why) { answers.insert_or_assign(number, std::move(why)); }

  awaitable<result<discovery>> discover(const purchase_order& po) override {
    asked.push_back(po.number);
    if (decide) co_return decide(po);
    const auto found = answers.find(po.number);
    if (found == answers.end()) co_return discovery{};
    co_return found->second;
  }

  awaitable<result<discovery>> discover_again(const purchase_order& po,
                                              const std::vector<page_mark>& pages) override {
    if (!again) co_return co_await discover(po);
    asked.push_back(po.number);
    co_return again(po, pages);
  }

  awaitable<result<discovery>> discover_listed(const purchase_order& po,
                                               const std::vector<listed_attachment>& listed) override {
    asked.push_back(po.number);
    discovery found;
    for (const auto& line : listed) found.attachments.push_back(line.file);
    co_return found;
  }

  bool is_sign_in_url(std::string_view url) const override { return url.find("/sessions/new") != url.npos; }
  bool looks_like_sign_in(std::string_view url) const override { return url.find("login") != url.npos; }

  bool asks_to_sign_in(const http_response& head, std::string_view first_bytes, bool) const override {
    return head.status == 401 || first_bytes.find("user_password") != first_bytes.npos;
  }
};

}  // namespace pofetch::test
