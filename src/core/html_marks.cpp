#include "core/html_marks.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pofetch::core {
namespace {

using words = std::string_view;

/// What titles and headings of sign-in pages say ...
constexpr std::array<words, 8> sign_ins{"sign in", "log in", "sign on", "log on",
                                        "signin",  "login",  "logon",   "sso"};

/// ... those of error pages ...
constexpr std::array<words, 20> errors{"error",
                                       "erro",
                                       "forbidden",
                                       "unauthorized",
                                       "service unavailable",
                                       "unavailable",
                                       "not found",
                                       "access denied",
                                       "bad gateway",
                                       "bad request",
                                       "gateway time out",
                                       "gateway timeout",
                                       "too many requests",
                                       "session has expired",
                                       "session expired",
                                       "has expired",
                                       "http status",
                                       "under maintenance",
                                       "down for maintenance",
                                       "maintenance mode"};

/// ... and words that may stand beside it. With any other word it is the title of something: `Error log`,
/// `Items not found`.
constexpr std::array<words, 48> small_words{
    "a",         "an",         "and",      "the",      "your",     "this",        "we",       "you",
    "is",        "are",        "was",      "has",      "been",     "in",          "on",       "of",
    "or",        "for",        "http",     "page",     "site",     "website",     "web",      "server",
    "system",    "runtime",    "internal", "interno",  "servidor", "application", "do",       "del",
    "fatal",     "unexpected", "proxy",    "database", "failed",   "required",    "occurred", "please",
    "currently", "file",       "url",      "link",     "resource", "request",     "again",    "temporarily"};

/// What a page says that has nothing else to say (English, Portuguese, Spanish).
constexpr std::array<words, 31> excuses{"service unavailable",
                                        "temporarily unavailable",
                                        "internal server error",
                                        "internal error",
                                        "bad gateway",
                                        "gateway timeout",
                                        "gateway time-out",
                                        "access denied",
                                        "permission denied",
                                        "not authorized",
                                        "unauthorized",
                                        "forbidden",
                                        "not found",
                                        "an error occurred",
                                        "an error has occurred",
                                        "unexpected error",
                                        "something went wrong",
                                        "under maintenance",
                                        "session has expired",
                                        "session expired",
                                        "link has expired",
                                        "please sign in",
                                        "please log in",
                                        "please login",
                                        "too many requests",
                                        "acesso negado",
                                        "acceso denegado",
                                        "ocorreu um erro",
                                        "erro interno",
                                        "error interno",
                                        "sess\xC3\xA3o expirada"};

/// So many cells of a table are data, whatever the titles say.
constexpr std::size_t cells_of_data = 20;

/// Letters up to which a page says nothing of its own, and up to which it only leads on.
constexpr std::size_t short_text = 400;
constexpr std::size_t hardly_any_text = 60;

bool is_word_char(char c) noexcept {
  return is_alnum(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// As whole words, in any case.
bool has_words(std::string_view text, std::string_view wanted) {
  for (std::size_t at = 0; (at = ifind(text, wanted, at)) != std::string_view::npos; ++at) {
    const std::size_t end = at + wanted.size();
    if ((at == 0 || !is_word_char(text[at - 1])) && (end == text.size() || !is_word_char(text[end])))
      return true;
  }
  return false;
}

template <std::size_t N>
bool has_one_of(std::string_view text, const std::array<words, N>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [text](words each) { return has_words(text, each); });
}

/// The tags and the text of the beginning of a page, without a tree: enough to look for words.
struct page_pieces {
  std::string titles;     ///< of the title and the headings, a bar before each
  std::string text;       ///< of everything but scripts and styles
  std::string scripts;    ///< of scripts, and the tags that may lead elsewhere
  bool password = false;  ///< or what providers hand over instead of one
  std::size_t cells = 0;  ///< of tables
};

/// The value of an attribute follows its name: `type=password`, with quotes or without.
bool is_password_field(std::string_view tag) {
  for (std::size_t at = 0; (at = ifind(tag, "type", at)) != std::string_view::npos; ++at) {
    std::string_view value = trim(tag.substr(at + 4, 64));
    if (value.empty() || value.front() != '=') continue;
    value = trim(value.substr(1));
    if (!value.empty() && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
    if (istarts_with(value, "password")) return true;
  }
  return false;
}

std::string_view tag_name(std::string_view tag) noexcept {
  const auto end = std::find_if_not(tag.begin(), tag.end(), is_alnum);
  return tag.substr(0, static_cast<std::size_t>(end - tag.begin()));
}

bool is_heading(std::string_view name) noexcept {
  return iequals(name, "title") || iequals(name, "h1") || iequals(name, "h2");
}

/// What stands up to the end tag of a script or style, taken off.
std::string_view take_raw(std::string_view& rest, std::string_view name) {
  const std::size_t end = ifind(rest, std::string("</").append(name));
  const std::string_view raw = rest.substr(0, end);
  rest.remove_prefix(raw.size());
  return raw;
}

page_pieces pieces_of(std::string_view rest) {
  page_pieces found;
  bool heading = false;
  while (!rest.empty()) {
    const std::size_t open = rest.find('<');
    const std::string_view text = rest.substr(0, open);
    found.text.append(text).append(" ");
    if (heading) found.titles.append(text).append(" ");
    if (open == std::string_view::npos) break;
    rest.remove_prefix(open + 1);
    const bool comment = rest.substr(0, 3) == "!--";
    const std::size_t close = rest.find(comment ? "-->" : ">");
    const std::string_view tag = rest.substr(0, close);
    rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + (comment ? 3 : 1));
    if (comment) continue;
    const std::string_view name = tag_name(tag);
    if (is_heading(name)) found.titles += '|';
    heading = is_heading(name) || (heading && !(tag.starts_with('/') && is_heading(tag_name(tag.substr(1)))));
    if (iequals(name, "input"))
      found.password =
          found.password || is_password_field(tag) || ifind(tag, "SAMLRe") != std::string_view::npos;
    if (iequals(name, "td")) ++found.cells;
    if (iequals(name, "form") || iequals(name, "meta")) found.scripts.append(tag).append("\n");
    if (iequals(name, "script")) found.scripts.append(take_raw(rest, name)).append("\n");
    if (iequals(name, "style")) (void)take_raw(rest, name);
  }
  return found;
}

/// Small letters, one space between words, a line end between parts (`Acme - Login` has two).
std::string parts_of(std::string_view titles) {
  std::string parts;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const bool within =
        i > 0 && i + 1 < titles.size() && is_word_char(titles[i - 1]) && is_word_char(titles[i + 1]);
    const std::string_view rest = titles.substr(i);
    const bool dot = rest.starts_with("\u00B7");
    char next = ' ';
    if (dot || rest.starts_with("\u2013") || rest.starts_with("\u2014")) {
      next = '\n';
      i += dot ? 1 : 2;
    } else if (is_word_char(titles[i])) {
      next = to_lower(titles[i]);
    } else if (!within || titles[i] != '-') {
      next = std::string_view("|-.!?'\"(").find(titles[i]) == std::string_view::npos ? ' ' : '\n';
    }
    if (next != ' ' || !parts.ends_with(' ')) parts += next;
  }
  return parts;
}

/// Takes one of the phrases off the beginning, if it stands there.
template <std::size_t N>
bool take_one_of(std::string_view& part, const std::array<words, N>& phrases) {
  const auto found = std::find_if(phrases.begin(), phrases.end(), [part](words each) {
    return part.starts_with(each) && (part.size() == each.size() || part[each.size()] == ' ');
  });
  if (found == phrases.end()) return false;
  part.remove_prefix(found->size());
  return true;
}

/// Does this part of a title say that, and nothing else?
bool says_nothing_else(std::string_view part, bool has_table) {
  constexpr std::array<words, 2> leading_on{"to", "with"};
  constexpr std::array<words, 3> of_pages_alone{"maintenance", "scheduled", "planned"};
  bool said = false;
  while (!(part = trim(part)).empty()) {
    if (take_one_of(part, sign_ins)) {
      said = true;
      part = trim(part);
      if (take_one_of(part, leading_on)) return true;
    } else if (take_one_of(part, errors) || (!has_table && take_one_of(part, of_pages_alone))) {
      said = true;
    } else if (!take_one_of(part, small_words)) {
      const std::string_view word = part.substr(0, part.find(' '));
      if (!std::all_of(word.begin(), word.end(), is_digit)) return false;
      part.remove_prefix(word.size());
    }
  }
  return said;
}

/// Is one of its titles that of an error or a sign-in? A table of data may be called as it likes.
bool is_titled_so(const page_pieces& page) {
  if (page.cells >= cells_of_data) return false;
  const std::string parts = parts_of(page.titles);
  for (std::string_view rest = parts; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('\n'));
    if (says_nothing_else(part, page.cells > 0)) return true;
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return false;
}

/// A form or script that leads to a sign-in, or a page that does nothing but lead on.
bool leads_to_sign_in(const page_pieces& page, std::size_t letters) {
  constexpr std::array<words, 7> signs{"login", "signin", "sign_in", "sso", "saml", "SAMLRequest", "oauth2"};
  constexpr std::array<words, 3> moves{"location", "refresh", "submit"};
  return has_one_of(page.scripts, signs) || (letters <= hardly_any_text && has_one_of(page.scripts, moves));
}

}  // namespace

bool is_sign_in_or_error(std::string_view html) {
  const page_pieces page = pieces_of(html.substr(0, html_marks_size));
  if (page.password) return true;
  // What Office writes as a page carries its name spaces, and scripts that move between its sheets.
  if (ifind(html.substr(0, 4096), "urn:schemas-microsoft-com:office") != std::string_view::npos) return false;
  const auto letters = static_cast<std::size_t>(
      std::count_if(page.text.begin(), page.text.end(), [](char c) { return !is_space(c); }));
  const bool excuse = letters <= short_text && page.cells == 0 && has_one_of(page.text, excuses);
  return excuse || is_titled_so(page) || leads_to_sign_in(page, letters);
}

}  // namespace pofetch::core
