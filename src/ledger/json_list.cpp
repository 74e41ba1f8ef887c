#include "ledger/json_list.hpp"

#include <boost/json.hpp>

namespace pofetch::records {
namespace json = boost::json;

namespace {

failure no_list(std::string_view advice) {
  return make_failure(
      errc::ledger,
      "The ledger is damaged: a row's cells are expected as a JSON array of strings. " + std::string(advice));
}

}  // namespace

std::string to_json(const std::vector<std::string>& texts) {
  // Rows are small and many: a buffer on the stack spares the heap.
  unsigned char buffer[4096];
  json::monotonic_resource memory(buffer);
  json::array list(&memory);
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(text);
  return json::serialize(list);
}

result<std::vector<std::string>> from_json(std::string_view text, std::string_view advice) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  const json::array* list = error ? nullptr : value.if_array();
  if (list == nullptr) return no_list(advice);
  std::vector<std::string> texts;
  texts.reserve(list->size());
  for (const json::value& item : *list) {
    const json::string* string = item.if_string();
    if (string == nullptr) return no_list(advice);
    texts.emplace_back(string->data(), string->size());
  }
  return texts;
}

}  // namespace pofetch::records
