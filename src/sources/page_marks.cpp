#include "sources/page_marks.hpp"

#include "core/ascii.hpp"
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
  return {says_not_found(key), says_not_authorized(key)};
}

void page_marks::element_started(const html_element& element) {
  text_.separate();
  if (element.name == "title" && title_.empty()) in_title_ = true;
  if (element.attributes.empty()) return;
  if (is_field(element, "user_email", "user[email]")) email_field_ = true;
  if (is_field(element, "user_password", "user[password]")) password_field_ = true;
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
