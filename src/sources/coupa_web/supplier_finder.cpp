#include "sources/coupa_web/supplier_finder.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace pofetch::sources {

namespace {

bool has_class(std::string_view classes, std::string_view wanted) {
  while (!classes.empty()) {
    classes = core::trim(classes);
    const auto end = std::find_if(classes.begin(), classes.end(), [](char c) { return core::is_space(c); });
    const auto length = static_cast<std::size_t>(end - classes.begin());
    if (classes.substr(0, length) == wanted) return true;
    classes.remove_prefix(length);
  }
  return false;
}

}  // namespace

void supplier_finder::element_started(const html_element& element) {
  for (auto& each : ways_)
    if (each.depth != 0) each.found.separate();
  const std::string_view classes = element.get("class");
  if (const auto value = element.find("data-supplier-name")) {
    if (ways_[0].found.empty()) ways_[0].found.append(*value);
    if (ways_[0].found.empty()) ways_[0].open(element.depth);
  }
  if (element.name == "span" && classes.find("supplier-name") != std::string_view::npos)
    ways_[1].open(element.depth);
  if (element.name == "span" && info_depth_ != 0) ways_[2].open(element.depth);
  if (info_depth_ == 0 && has_class(classes, "supplier-info")) info_depth_ = element.depth;
}

void supplier_finder::element_ended(std::size_t depth) {
  for (auto& each : ways_)
    if (each.depth == depth) each.depth = 0;
  if (info_depth_ == depth) info_depth_ = 0;
}

void supplier_finder::text(std::string_view chars) {
  for (auto& each : ways_)
    if (each.depth != 0) each.found.append(chars);
}

std::string supplier_finder::name() const {
  for (const auto& each : ways_)
    if (!each.found.empty()) return each.found.str();
  return ways_.back().found.str();
}

}  // namespace pofetch::sources
