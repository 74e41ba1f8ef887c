// What services say who lend keys.
#include "core/refused.hpp"
#include "core/timestamp.hpp"
#include "objects/credentials/credential_chain.hpp"
#include "objects/xml_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace pofetch::objects {

namespace {

std::string text_of(const boost::json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

result<lent_keys> usable(lent_keys made, std::string_view where) {
  if (!made.keys.access_key.empty() && !made.keys.secret.empty()) return made;
  return core::refused("the answer of the " + std::string(where) + " holds no credentials");
}

}  // namespace

result<lent_keys> keys_of_json(std::string_view text) {
  boost::system::error_code problem;
  const auto value = boost::json::parse({text.data(), text.size()}, problem);
  lent_keys made;
  if (!problem && value.is_object()) {
    const auto& from = value.get_object();
    made.keys = {text_of(from, "AccessKeyId"), text_of(from, "SecretAccessKey"), text_of(from, "Token")};
    made.ends = core::parse_timestamp(text_of(from, "Expiration"));
  }
  return usable(std::move(made), "service for credentials");
}

result<lent_keys> keys_of_sts(std::string_view xml) {
  lent_keys made;
  made.keys = {element_text(xml, "AccessKeyId"), element_text(xml, "SecretAccessKey"),
               element_text(xml, "SessionToken")};
  made.ends = core::parse_timestamp(element_text(xml, "Expiration"));
  return usable(std::move(made), "token service (STS)");
}

}  // namespace pofetch::objects
