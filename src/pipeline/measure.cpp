#include "pipeline/measure.hpp"

#include "async/semaphore.hpp"
#include "async/task_group.hpp"
#include "core/file_name.hpp"
#include "core/file_title.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
#include "core/status_failure.hpp"
#include "core/url.hpp"
#include "pipeline/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::pipeline {

namespace {

class no_body final : public body_sink {
 public:
  result<void> begin(const http_response&) override { return {}; }
  result<void> write(std::span<const std::byte>) override { return {}; }
};

/// Signed addresses of a storage are often good for GET alone, and others know no HEAD.
bool knows_no_head(const http_response& head, const std::string& asked) {
  const bool elsewhere = !core::same_origin(head.url, asked);
  return head.status == 405 || head.status == 501 || (head.status == 403 && elsewhere);
}

void take_size(const http_response& head, const attachment& what, const std::string& asked,
               const std::string& listed, const attachment_source& source, attachment_record& record) {
  const std::string_view type = head.field("Content-Type");
  const bool page_expected = !core::contradiction(listed, type, "<html>") ||
                             core::is_meant_as_file(listed, type, head.field("Content-Disposition"));
  if (source.asks_to_sign_in(head, {}, page_expected)) {
    record.error = make_failure(errc::session_expired,
                                fmt::format("the session has expired: file {} asks to sign in, at {}", listed,
                                            core::mask_url(head.url)));
    return;
  }
  const std::string title =
      core::file_title({head.field("Content-Disposition"), what.name, head.url, what.url});
  record.name = core::safe_file_name(title, listed);
  record.media_type = head.field("Content-Type");
  const bool good = head.status / 100 == 2;
  if (good && head.content_length)
    record.bytes = *head.content_length;
  else if (good || knows_no_head(head, asked))
    record.error =
        make_failure(errc::unsupported, fmt::format("the server does not say how large {} is", listed));
  else
    record.error = core::failure_for_response(head, fmt::format("file {}", listed));
}

awaitable<> ask_size(const lane& where, const attachment& what, const std::string& url,
                     const std::string& listed, attachment_record& record) {
  http_request request;
  request.method = "HEAD";
  request.url = url;
  request.user_named = what.user_named;
  if (!what.authorization.empty() && url == what.url)
    request.fields.push_back({"Authorization", what.authorization});
  request.stop_before = [&where](std::string_view target) { return where.source.is_sign_in_url(target); };
  no_body sink;
  record.error.reset();
  auto head = co_await where.http.exchange(request, sink);
  if (head)
    take_size(*head, what, url, listed, where.source, record);
  else
    record.error = head.error();
}

awaitable<> measure_one(const lane& where, const attachment& what, const attachment_notes& notes,
                        async::semaphore& slots, attachment_record& record) {
  const std::string listed =
      core::safe_file_name(core::file_title({{}, what.name, {}, what.url}), "attachment");
  if (record.name.empty()) record.name = listed;
  if (what.size) {
    record.bytes = *what.size;
    co_return;
  }
  auto slot = co_await slots.acquire();
  co_await ask_size(where, what, what.url, listed, record);
  const auto note = notes.find(what.key);
  const bool elsewhere = note != notes.end() && !note->second.second_url.empty();
  if (elsewhere && record.error && may_be_elsewhere(*record.error))
    co_await ask_size(where, what, note->second.second_url, listed, record);
}

}  // namespace

awaitable<> measure(const lane& where, std::span<const attachment> attachments,
                    std::span<const std::size_t> places, std::size_t max_concurrent,
                    const attachment_notes& notes, std::vector<attachment_record>& records) {
  async::semaphore slots(where.executor, std::max<std::size_t>(max_concurrent, 1));
  async::task_group tasks(where.executor);
  for (std::size_t i = 0; i < attachments.size(); ++i)
    tasks.spawn(measure_one(where, attachments[i], notes, slots, records[places[i]]));
  co_await tasks.join();
}

}  // namespace pofetch::pipeline
