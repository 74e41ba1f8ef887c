#include "lists/text/jsonl_reader.hpp"

#include "core/ascii.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace pofetch::lists {
namespace {

namespace json = boost::json;

constexpr std::size_t lines_before_header = 1000;
constexpr double exact_integers = 9007199254740992.0;  // 2^53

std::string number_text(double value) {
  if (std::trunc(value) == value && std::abs(value) < exact_integers)
    return fmt::format("{}", static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

std::string cell_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::int64:
      return std::to_string(value.get_int64());
    case json::kind::uint64:
      return std::to_string(value.get_uint64());
    case json::kind::double_:
      return number_text(value.get_double());
    case json::kind::string:
      return {value.get_string().data(), value.get_string().size()};
    case json::kind::array:
    case json::kind::object:
      break;
  }
  return json::serialize(value);
}

failure problem(const text_line& line, std::string_view what) {
  return make_failure(errc::input, fmt::format("Line {} {}.", line.number, what));
}

}  // namespace

result<std::vector<jsonl_reader::member>> jsonl_reader::parse(const text_line& line) {
  if (line.too_long) return problem(line, "is longer than 1 MiB and was not read");
  boost::system::error_code error;
  const json::value value = json::parse(line.text, error);
  if (error) return problem(line, "is not valid JSON: " + error.message());
  const json::object* object = value.if_object();
  if (object == nullptr) return problem(line, "is JSON but no object; write one {...} a line");
  if (object->size() > max_columns) return problem(line, "has more than 4096 keys");
  std::vector<member> members;
  members.reserve(object->size());
  for (const auto& [key, content] : *object) members.push_back({std::string(key), cell_text(content)});
  return members;
}

record jsonl_reader::arrange(std::int64_t line, std::vector<member> members) const {
  record next;
  next.line = line;
  next.cells.resize(column_count_);
  for (member& one : members) {
    const auto column = columns_.find(one.key);
    if (column != columns_.end()) next.cells[column->second] = std::move(one.text);
  }
  return next;
}

void jsonl_reader::take_header(std::int64_t line, const std::vector<member>& members) {
  record header;
  header.line = line;
  for (const member& one : members) {
    columns_.emplace(one.key, header.cells.size());
    header.cells.push_back(one.key);
  }
  column_count_ = header.cells.size();
  header_known_ = true;
  // Lines before the first object had problems; they come behind the header.
  for (record& early : ready_) early.cells.resize(column_count_);
  ready_.push_front(std::move(header));
}

result<void> jsonl_reader::read_one() {
  auto line = lines_.next();
  if (!line) return line.error();
  if (!*line) {
    at_end_ = true;
    return {};
  }
  const text_line& read = **line;
  if (core::trim(read.text).empty()) return {};
  auto members = parse(read);
  if (members) {
    if (!header_known_) take_header(read.number, *members);
    ready_.push_back(arrange(read.number, std::move(*members)));
    return {};
  }
  record bad;
  bad.line = read.number;
  bad.problem = std::move(members.error().message);
  bad.cells.resize(column_count_);
  ready_.push_back(std::move(bad));
  return {};
}

result<std::optional<record>> jsonl_reader::next() {
  while (ready_.empty() || !header_known_) {
    if (!at_end_) {
      auto read = read_one();
      if (!read) return read.error();
      if (ready_.size() < lines_before_header || header_known_) continue;
    }
    if (ready_.empty()) return std::optional<record>();
    return make_failure(errc::input, "There is no JSON object in " + name_ + ": " + ready_.front().problem);
  }
  std::optional<record> next = std::move(ready_.front());
  ready_.pop_front();
  return next;
}

}  // namespace pofetch::lists
