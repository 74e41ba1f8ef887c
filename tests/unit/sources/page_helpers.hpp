#pragma once

#include "sources/coupa_web/coupa_page.hpp"
#include "sources/html/html_events.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::test {

inline constexpr std::string_view page_url = "https://acme.coupahost.com/order_headers/123";

/// Reads a page in chunks of `chunk` bytes (0: at once).
inline sources::page_facts facts_of(std::string_view html, std::string_view wanted = "123",
                                    std::size_t chunk = 0, std::string_view url = page_url) {
  sources::coupa_page page(url, wanted);
  sources::html_events events(page, "text/html; charset=utf-8");
  const std::size_t step = chunk == 0 ? html.size() + 1 : chunk;
  for (std::size_t at = 0; at < html.size(); at += step)
    REQUIRE(events.feed(html.substr(at, step)).has_value());
  REQUIRE(events.finish().has_value());
  return page.finish();
}

/// `name <url>` of each, in order.
inline std::vector<std::string> listed(const std::vector<attachment>& attachments) {
  std::vector<std::string> lines;
  for (const auto& each : attachments) lines.push_back(each.name + " <" + each.url + ">");
  return lines;
}

/// What became of everything on a page that looks like a file: `name <url>` is fetched, `- name: why` is
/// listed with the reason, `? name` is not understood.
inline std::vector<std::string> told(const sources::page_facts& facts) {
  std::vector<std::string> lines;
  for (const auto& each : facts.attachments) {
    const auto note = facts.notes.find(each.key);
    const bool left_out = note != facts.notes.end() && !note->second.not_a_file.empty();
    lines.push_back(left_out ? "- " + each.name + ": " + note->second.not_a_file
                             : each.name + " <" + each.url + ">");
  }
  for (const auto& name : facts.not_understood) lines.push_back("? " + name);
  return lines;
}

/// A page of order 123 with this in it.
inline std::string order_page(std::string_view inside, std::string_view number = "123") {
  std::string page = "<!DOCTYPE html><html><head><title>Purchase Order #";
  page.append(number).append("</title></head><body><div id=\"topForm\"><h1>Purchase Order #").append(number);
  page.append("</h1></div>").append(inside).append("</body></html>");
  return page;
}

}  // namespace pofetch::test
