#include "sources/coupa_api/api_orders.hpp"

#include "api_helpers.hpp"
#include "sources/coupa_api/api_probe.hpp"
#include "support/fake_clock.hpp"
#include "support/results.hpp"
#include "support/run_coro.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace pofetch::sources {
namespace {

using test::json_answer;
using test::must;

order_facts listed_order(std::uint64_t number) {
  order_facts made;
  made.id = std::to_string(number);
  made.number = "PO" + std::to_string(number);
  made.supplier = "Acme";
  made.status = "issued";
  return made;
}

/// Pages of 50 of `count` orders; remembers the offsets.
struct pages {
  std::uint64_t count;
  std::vector<std::uint64_t> offsets{};

  result<std::vector<order_facts>> operator()(std::uint64_t offset) {
    offsets.push_back(offset);
    std::vector<order_facts> page;
    for (std::uint64_t i = offset; i < count && page.size() < api_client::page_size; ++i)
      page.push_back(listed_order(1000 + i));
    return page;
  }
};

}  // namespace

TEST_CASE("api orders: page after page, one in memory, rows as a list has them") {
  auto read = std::make_shared<pages>(pages{120});
  auto list = must(
      api_orders::open([read](std::uint64_t offset) { return (*read)(offset); }, {"Status", "supplier"}));
  CHECK(list->columns() ==
        std::vector<std::string>{"po_number", "supplier", "status", "created_at", "updated_at"});
  CHECK_FALSE(list->is_manifest());
  CHECK(read->offsets.size() == 1);
  std::int64_t rows = 0;
  for (auto row = must(list->next()); row; row = must(list->next())) {
    CHECK(row->line == ++rows);
    CHECK(row->number == std::to_string(999 + rows));
    CHECK(row->prefix == "PO");
    CHECK(row->supplier == "Acme");
    CHECK(row->folders == std::vector<std::string>{"issued", "Acme"});
    CHECK(row->cells.size() == 5);
  }
  CHECK(rows == 120);
  CHECK(read->offsets == std::vector<std::uint64_t>{0, 50, 100, 120});
  CHECK_FALSE(must(list->next()));
}

TEST_CASE("api orders: what ends it early is said, and an order that is none is a row that says so") {
  const auto none = api_orders::open([](std::uint64_t) { return std::vector<order_facts>{}; }, {});
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == errc::input);
  const auto column = api_orders::open(pages{1}, {"plant"});
  REQUIRE_FALSE(column.has_value());
  CHECK(column.error().message.find("'plant'") != std::string::npos);

  auto stuck = must(api_orders::open(
      [](std::uint64_t) {
        pages first{50};
        return first(0);
      },
      {}));
  for (int i = 0; i < 50; ++i) CHECK(must(stuck->next()));
  const auto end = stuck->next();
  REQUIRE_FALSE(end.has_value());
  CHECK(end.error().message.find("same full page") != std::string::npos);

  auto unpaged = must(api_orders::open(
      [](std::uint64_t) {
        pages first{7};
        return first(0);
      },
      {}));
  for (int i = 0; i < 7; ++i) CHECK(must(unpaged->next()));
  CHECK_FALSE(must(unpaged->next()));

  auto odd = must(api_orders::open(
      [](std::uint64_t offset) {
        std::vector<order_facts> page;
        if (offset == 0) page.push_back(listed_order(1));
        if (offset == 0) page.front().number = "ABC-7/../x";
        return result<std::vector<order_facts>>(page);
      },
      {}));
  const auto row = must(odd->next());
  REQUIRE(row);
  CHECK(row->number.empty());
  CHECK(row->problem.find("ABC-7") != std::string::npos);

  int calls = 0;
  auto lost = must(api_orders::open(
      [&calls](std::uint64_t offset) -> result<std::vector<order_facts>> {
        if (calls++ > 0) return make_failure(errc::session_expired, "token");
        pages first{50};
        return first(offset);
      },
      {}));
  for (int i = 0; i < 50; ++i) CHECK(must(lost->next()));
  CHECK(lost->next().error().code == errc::session_expired);
}

TEST_CASE("api orders: filters are encoded") {
  const std::string url =
      orders_url("https://acme.coupahost.com/",
                 {"2026-01-31T10:00:00+02:00", {"status=issued", "supplier[name]=A & B=C"}});
  CHECK(url.find("&updated-at%5Bgt%5D=2026-01-31T10%3A00%3A00%2B02%3A00") != std::string::npos);
  CHECK(url.find("&status=issued") != std::string::npos);
  CHECK(url.find("&supplier%5Bname%5D=A%20%26%20B%3DC") != std::string::npos);
}

TEST_CASE("api orders: one page is asked for as it is read, and 404 is the end") {
  boost::asio::io_context context;
  test::fake_clock time(context);
  test::scripted_transport http(time);
  progress events;
  api_client api(http, time, {test::api_base}, events);
  const std::string url = orders_url(test::api_base, {});
  http.on(url + "&limit=50&offset=0",
          json_answer(
              R"([{"id":5,"po-number":"7","status":"issued","supplier":{"name":"A"},"updated-at":"2026"}])"));
  http.on(url + "&limit=50&offset=1", json_answer("{}", 404));
  http.on(url + "&limit=50&offset=2", json_answer("[1]"));
  const auto first = must(test::run_coro(context, time, read_orders(api, url, 0)));
  REQUIRE(first.size() == 1);
  CHECK(first[0].number == "7");
  CHECK(first[0].updated_at == "2026");
  CHECK(must(test::run_coro(context, time, read_orders(api, url, 1))).empty());
  CHECK(test::run_coro(context, time, read_orders(api, url, 2)).error().code == errc::unexpected_content);
}

TEST_CASE("api probe: what the first request says about the sign-in") {
  const struct {
    test::scripted_answer answer;
    bool good;
    errc code;
    const char* part;
    session_state state = session_state::unknown;
  } rows[] = {
      {json_answer("[]"), true, {}, "", session_state::alive},
      {json_answer("{}", 404), true, {}, "", session_state::alive},
      {json_answer("{}", 503), true, {}, ""},
      {json_answer("{}", 429), true, {}, ""},
      {json_answer("{}", 401), false, errc::session_expired, "401"},
      {json_answer("{}", 403), false, errc::session_expired, "core.purchase_order.read"},
      {json_answer("{}"), false, errc::unexpected_content, "a list"},
      {test::html_answer("<html>hello</html>"), false, errc::unexpected_content, "base_url"},
      {test::failed_answer(errc::connection, "refused"), false, errc::connection, "refused"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.part);
    boost::asio::io_context context;
    test::fake_clock time(context);
    test::scripted_transport http(time);
    progress events;
    http.otherwise([&](const http_request&) { return row.answer; });
    api_client api(http, time, {test::api_base}, events);
    const auto probed = test::run_coro(context, time, probe_api(api));
    CHECK(probed.has_value() == row.good);
    if (probed) CHECK(*probed == row.state);
    if (probed) continue;
    CHECK(probed.error().code == row.code);
    CHECK_MESSAGE(probed.error().message.find(row.part) != std::string::npos, probed.error().message);
  }
}

}  // namespace pofetch::sources
