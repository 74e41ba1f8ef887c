#include "sources/html/page_marks.hpp"

#include "core/ascii.hpp"
#include "core/refusal.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <array>

namespace pofetch::sources {

namespace {

/// `user_email` as id, `user[email]` or `user_email` as name.
bool is_field(const html_element& element, std::string_view id, std::string_view name) {
  return element.get("id") == id || element.get("name") == id || element.get("name") == name;
}

// The phrases are compared by `core::loose_key`: letters alone, without case and accents.

bool says_not_found(std::string_view key) {
  constexpr std::array<std::string_view, 14> phrases{
      "couldntfindwhatyouwanted",
      "couldnotfindwhatyouwanted",
      "couldntfindwhatyouwerelookingfor",
      "pageyouwerelookingfordoesntexist",
      "pageyouwerelookingfordoesnotexist",
      "naoencontramosoquevoceprocurava",
      "naoencontramosoquevoceestavaprocurando",
      "apaginaquevoceprocuravanaoexiste",
      "apaginaquevoceestavaprocurandonaoexiste",
      "noencontramosloquebuscaba",
      "noencontramosloqueestababuscando",
      "nopudimosencontrarloque",
      "lapaginaquebuscabanoexiste",
      "lapaginaqueestababuscandonoexiste",
  };
  return core::holds_one_of(key, phrases);
}

bool says_not_authorized(std::string_view key) {
  constexpr std::array<std::string_view, 12> phrases{
      "youarenotauthorized", "youarenotauthorised", "notauthorizedto",       "accessdenied",
      "acessonegado",        "vocenaotempermissao", "vocenaoestaautorizado", "vocenaotemautorizacao",
      "accesodenegado",      "notienepermiso",      "noestaautorizado",      "notieneautorizacion",
  };
  return core::holds_one_of(key, phrases);
}

}  // namespace

page_excuse excuse_in(std::string_view text) {
  const std::string key = core::loose_key(text);
  // Who refuses is brief.
  constexpr std::size_t brief = 4U << 10;
  const std::string_view beginning = std::string_view(key).substr(0, brief);
  return {says_not_found(key), says_not_authorized(key), core::speaks_as_go_between(beginning),
          core::is_bare_refusal(key)};
}

void page_marks::element_started(const html_element& element) {
  text_.separate();
  if (element.name == "title" && title_.empty()) in_title_ = true;
  if (element.attributes.empty()) return;
  if (is_field(element, "user_email", "user[email]")) email_field_ = true;
  if (is_field(element, "user_password", "user[password]")) password_field_ = true;
  if (element.name != "input") return;
  const std::string_view field = element.get("name");
  any_password_ = any_password_ || core::iequals(element.get("type"), "password") || field == "SAMLRequest" ||
                  field == "SAMLResponse";
}

void page_marks::element_ended(std::string_view name) {
  text_.separate();
  if (name == "title") in_title_ = false;
}

void page_marks::text(std::string_view chars) {
  if (in_title_) title_.append(chars);
  text_.append(chars);
}

}  // namespace pofetch::sources
