// How many bytes of pages a second are read, from bytes to the list of attachments.
#include "sources/coupa_web/page_reader.hpp"

#include <fmt/format.h>

#include <benchmark/benchmark.h>
#include <span>
#include <string>

namespace {

using namespace pofetch;

/// An order with 4 attachments and as many lines as make the page that long.
std::string order_page(std::size_t bytes) {
  std::string page =
      "<!DOCTYPE html>\n<html><head><title>Purchase Order #7000001</title></head><body>\n"
      "<nav><a href=\"/order_headers\">Orders</a> <a href=\"/requisition_headers/new\">New</a></nav>\n"
      "<form id=\"topForm\" action=\"/order_headers/update\"><h1>Purchase Order #7000001</h1></form>\n<ul>\n";
  for (int i = 0; i < 4; ++i) {
    page += fmt::format(
        "<li class=\"attachment\" data-url=\"/attachments/90{0}\"><span class=\"attachment-file\" "
        "data-url=\"/attachment/attachment_file/type/90{0}/quote-{0}.pdf\"><span role=\"button\" "
        "title=\"quote-{0}.pdf\" aria-label=\"quote-{0}.pdf file "
        "attachment\">quote-{0}.pdf</span></span></li>\n",
        i);
  }
  page += "</ul>\n<table class=\"lines\">\n";
  for (int i = 0; page.size() + 32 < bytes; ++i) {
    page += fmt::format("<tr class=\"line\"><td>{}</td><td>Item {:05x}</td><td>{}.50</td><td>EUR</td></tr>\n",
                        i, i, i * 7);
  }
  return page + "</table></body></html>\n";
}

void read_page(benchmark::State& state) {
  const std::string page = order_page(static_cast<std::size_t>(state.range(0)));
  http_response head;
  head.status = 200;
  head.url = "https://acme.coupahost.com/order_headers/7000001";
  head.fields = {{"Content-Type", "text/html; charset=utf-8"}};
  for (auto _ : state) {
    sources::page_reader reader("7000001");
    auto begun = reader.begin(head);
    auto written = reader.write(std::as_bytes(std::span(page)));
    auto facts = reader.finish();
    if (!begun || !written || !facts || facts->attachments.size() != 4) {
      state.SkipWithError("the page was not understood");
      break;
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.size()));
}

}  // namespace

BENCHMARK(read_page)->Arg(4 << 10)->Arg(64 << 10)->Arg(1 << 20);
