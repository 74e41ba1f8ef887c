// What stands on a page, in the whole engine: every thing that looks like a file is on disk, stands in the
// report with the reason why not, or makes its order PARTIAL.
#include "support/origin.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/batch.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace pofetch;
using namespace pofetch::testing;

namespace {

/// One order, and what its report must say.
struct page_row {
  std::string what;
  std::string head;    ///< in its head; `AWAY` is the origin of another host
  std::string inside;  ///< in its body
  std::string status;
  std::vector<std::string> files;  ///< on disk
  std::string listed{};            ///< `name STATUS`, one after the other
  std::string words{};             ///< stand in its error or in that of a file
};

/// A site with an order a row, from 100 on. Any address but a page's answers with a PDF.
class page_site {
 public:
  explicit page_site(std::vector<page_row> rows)
      : rows_(std::move(rows)),
        server_([this](const origin_request& request, origin_peer& peer) { answer(request, peer); }) {
    std::string list = "PO\n";
    for (std::size_t i = 0; i < rows_.size(); ++i) list += std::to_string(100 + i) + "\n";
    test::write_file(dir / "list.csv", list);
    test::write_file(dir / "cookies.txt", "localhost\tFALSE\t/\tTRUE\t0\t_coupa_session\tgeheim\n");
    std::filesystem::permissions(dir / "cookies.txt",
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    options.input = (dir / "list.csv").string();
    options.out = dir / "out";
    options.base_url = server_.base_url();
    options.cookie_file = dir / "cookies.txt";
    options.pool.ca_file = server_.ca_file().string();
    options.pool.retries = 0;
    options.pool.sync = durability::none;
  }

  void run_and_check() {
    progress silent;
    batch job(options, silent);
    (void)job.run();
    REQUIRE(write_batch_report(options.out, dir / "report.json"));
    const auto report = boost::json::parse(test::read_file(dir / "report.json"));
    const auto& orders = report.at("purchase_orders").as_array();
    REQUIRE(orders.size() == rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) check(rows_[i], orders[i].as_object());
    for (const origin_request& each : server_.log()) {
      const bool own = each.header("host").starts_with("localhost:");
      CHECK(each.header("cookie") == (own ? "_coupa_session=geheim" : ""));
    }
  }

  test::temp_dir dir;
  batch_options options;

 private:
  void answer(const origin_request& request, origin_peer& peer) {
    constexpr std::string_view route = "/order_headers/";
    const std::size_t number =
        request.target.starts_with(route) ? std::stoul("0" + request.target.substr(route.size())) : 0;
    if (number < 100 || number - 100 >= rows_.size()) {
      const bool list = request.target == "/order_headers";
      peer.reply(200, list ? "<html><title>Orders</title>" : "%PDF-1.7 " + request.target,
                 {{"Content-Type", list ? "text/html" : "application/pdf"}});
      return;
    }
    const page_row& row = rows_[number - 100];
    std::string page = "<!DOCTYPE html><html><head><title>Purchase Order #" + std::to_string(number) +
                       "</title>" + row.head + "</head><body><div id=\"topForm\"></div>" + row.inside +
                       "</body></html>";
    const std::string away = "https://127.0.0.1:" + std::to_string(server_.port());
    for (std::size_t at = 0; (at = page.find("AWAY", at)) != std::string::npos;) page.replace(at, 4, away);
    peer.reply(200, page, {{"Content-Type", "text/html; charset=utf-8"}});
  }

  void check(const page_row& row, const boost::json::object& order) const {
    CAPTURE(row.what);
    CHECK(std::string(order.at("status").as_string()) == row.status);
    std::string listed;
    std::string errors = boost::json::serialize(order.at("error"));
    for (const auto& each : order.at("attachments").as_array()) {
      listed += (listed.empty() ? "" : ", ") + std::string(each.at("name").as_string()) + " " +
                std::string(each.at("status").as_string());
      errors += boost::json::serialize(each.at("error"));
    }
    if (!row.listed.empty()) CHECK(listed == row.listed);
    CAPTURE(errors);
    CHECK(errors.find(row.words) != std::string::npos);
    const auto folder = options.out / std::string(order.at("po_number").as_string());
    for (const auto& name : row.files) CHECK(std::filesystem::exists(folder / name));
  }

  std::vector<page_row> rows_;
  origin server_;
};

}  // namespace

TEST_CASE("pages: whatever looks like a file is fetched, told, or makes the order PARTIAL") {
  const std::string good = R"(<a href="/attachments/1/download">good.pdf</a>)";
  page_site site({
      {"another host",
       "",
       R"(<a href="AWAY/bucket/key" download="far.pdf">far</a>)",
       "COMPLETED",
       {"far.pdf"}},
      {"an odd last part",
       "",
       R"(<a href="/download/file/..%2f..%2fx.pdf">odd.pdf</a>)",
       "COMPLETED",
       {"odd.pdf"}},
      {"an id that is no number",
       "",
       R"(<a href="/attachments/a1b2/download">x.pdf</a>)",
       "COMPLETED",
       {"x.pdf"}},
      {"a base",
       R"(<base href="/sub/dir/">)",
       R"(<a href="../x/9" download="x.pdf">x</a>)",
       "COMPLETED",
       {"x.pdf"}},
      {"a base elsewhere",
       R"(<base href="AWAY/f/">)",
       R"(<a href="9" download="x.pdf">x</a>)",
       "COMPLETED",
       {"x.pdf"}},
      {"only a name, another host",
       "",
       good + R"(<a href="AWAY/k?signature=geheim">far.pdf</a>)",
       "COMPLETED",
       {"good.pdf"},
       "good.pdf COMPLETED, far.pdf EXCLUDED",
       "not marked as an attachment"},
      {"only a name", "", R"(<a href="/blobs/9">own.pdf</a>)", "COMPLETED", {"own.pdf"}},
      {"plain HTTP",
       "",
       good + R"(<a href="http://files.example/x" download="x.pdf">x</a>)",
       "PARTIAL",
       {"good.pdf"},
       "good.pdf COMPLETED, x.pdf FAILED",
       "plain HTTP is refused"},
      {"a private address",
       "",
       good + R"(<a href="https://10.0.0.1/x" download="x.pdf">x</a>)",
       "PARTIAL",
       {"good.pdf"},
       "good.pdf COMPLETED, x.pdf FAILED",
       "10.0.0.1"},
      {"a button",
       "",
       good + R"(<button>plan.pdf</button>)",
       "PARTIAL",
       {"good.pdf"},
       "good.pdf COMPLETED",
       "plan.pdf"},
      {"a button alone", "", R"(<button>plan.pdf</button>)", "FAILED", {}, "", "not understood"},
      {"an item",
       "",
       good + R"(<li class="attachment"><b>Quote</b></li>)",
       "PARTIAL",
       {"good.pdf"},
       "",
       "Quote"},
      {"mail",
       "",
       good + R"(<a href="mailto:a@example.com">x.pdf</a>)",
       "COMPLETED",
       {"good.pdf"},
       "good.pdf COMPLETED, x.pdf EXCLUDED",
       "to write to"},
      {"menu and help",
       "",
       R"(<nav><a href="/f/m.pdf" download>m.pdf</a></nav><a href="/help/h.pdf">h.pdf</a>)",
       "NO_ATTACHMENTS",
       {}},
      {"references",
       "",
       R"(<a href="&#47attachments/2/download" title="&#128; 5.pdf">x</a>)",
       "COMPLETED",
       {"\xE2\x82\xAC 5.pdf"}},
  });
  site.run_and_check();
}
