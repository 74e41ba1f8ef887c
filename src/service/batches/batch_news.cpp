// What of a batch is kept in the index, and what webhooks are told of it.
#include "async/offload.hpp"
#include "service/batches/batch_desk.hpp"

#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include <utility>

namespace pofetch::service {

namespace json = boost::json;

void batch_desk::keep(const batch_entry& batch, std::vector<delivery> news) {
  auto write = [this, id = batch.record.id, kept = kept_json(batch.record),
                news = std::move(news)]() mutable {
    if (!parts_.index->save(id, kept, news)) index_works_ = false;
    if (news.empty()) return;
    auto send = [this, news = std::move(news)]() mutable { parts_.hooks.take(std::move(news)); };
    boost::asio::post(parts_.executor, std::move(send));
  };
  boost::asio::post(index_thread_, std::move(write));
}

/// What the end of a run means for webhooks.
std::vector<delivery> batch_desk::news_of(const batch_entry& batch) const {
  const batch_record& record = batch.record;
  std::string type;
  if (record.state == batch_state::completed || record.state == batch_state::incomplete ||
      record.state == batch_state::failed)
    type = "batch." + std::string(to_string(record.state));
  if (record.state == batch_state::blocked && batch.asks_to_sign_in) type = "sign_in.needed";
  if (type.empty()) return {};
  const json::object data{{"id", record.id},
                          {"name", record.name},
                          {"state", std::string(to_string(record.state))},
                          {"totals", sums_json(record.sums)}};
  return parts_.hooks.messages(type, record.id, json::serialize(data));
}

awaitable<result<void>> batch_desk::save_delivery(delivery what) {
  auto write = [this, &what] { return parts_.index->deliveries().put(what); };
  auto done = co_await async::offload(index_thread_.get_executor(), write);
  co_return done;
}

awaitable<result<std::vector<delivery>>> batch_desk::find_deliveries(delivery_filter filter) {
  auto read = [this, &filter] { return parts_.index->deliveries().page(filter); };
  auto found = co_await async::offload(index_thread_.get_executor(), read);
  co_return found;
}

}  // namespace pofetch::service
