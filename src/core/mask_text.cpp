#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/secret_params.hpp"

#include <algorithm>
#include <array>

namespace pofetch::core {
namespace {

/// Where a URL within a line of text ends.
std::size_t url_end(std::string_view text, std::size_t from) {
  constexpr std::string_view closing = ".,;:!?)]}";
  std::size_t end = from;
  while (end < text.size() && !is_space(text[end]) && !is_control(text[end]) &&
         std::string_view("\"'<>`").find(text[end]) == std::string_view::npos) {
    ++end;
  }
  while (end > from && closing.find(text[end - 1]) != std::string_view::npos) --end;
  return end;
}

bool is_scheme_char(char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; }

/// Where the next `scheme://` begins.
std::size_t next_url(std::string_view text, std::size_t from) {
  for (std::size_t colon = text.find("://", from); colon != std::string_view::npos;
       colon = text.find("://", colon + 1)) {
    std::size_t begin = colon;
    while (begin > from && is_scheme_char(text[begin - 1])) --begin;
    if (begin < colon) return begin;
  }
  return std::string_view::npos;
}

std::string mask_urls(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = next_url(text, 0); at != std::string_view::npos; at = next_url(text, done)) {
    const std::size_t end =
        std::max(url_end(text, at), text.find("://", at) + std::string_view("://").size());
    out.append(text.substr(done, at - done)).append(mask_url(text.substr(at, end - at)));
    done = end;
  }
  return out.append(text.substr(done));
}

bool is_name_char(char c) { return is_alnum(c) || c == '-' || c == '_'; }

/// Fields whose whole value is a credential.
bool is_credential_field(std::string_view name) {
  constexpr std::array<std::string_view, 4> names{"authorization", "proxy-authorization", "cookie",
                                                  "set-cookie"};
  return std::any_of(names.begin(), names.end(), [name](std::string_view n) { return iequals(n, name); });
}

/// Names that prose and our own messages use with an innocent value behind a colon.
bool is_secret_in_text(std::string_view name) {
  constexpr std::array<std::string_view, 9> innocent{"code", "key", "state",  "policy", "session",
                                                     "pass", "pin", "ticket", "cookie"};
  return is_secret_name(name) && std::none_of(innocent.begin(), innocent.end(),
                                              [name](std::string_view n) { return iequals(n, name); });
}

bool is_token_like(std::string_view word) {
  return word.size() >= 20 || (word.size() >= 8 && std::any_of(word.begin(), word.end(), is_digit));
}

/// End of the value that begins there: of the word, without the full stop or bracket of a sentence, or of
/// the quoted text.
std::size_t value_end(std::string_view text, std::size_t from, char quote) {
  constexpr std::string_view stops = " \t\r\n&,;\"'<>";
  constexpr std::string_view closing = ".)]}!?";
  if (quote != '\0') return std::min(text.find(quote, from), text.size());
  std::size_t end = std::min(text.find_first_of(stops, from), text.size());
  while (end > from && closing.find(text[end - 1]) != std::string_view::npos) --end;
  return end;
}

/// Finds `name: value`, `name=value`, `"name": "value"` and `Bearer value` from left to right.
class credential_masker {
 public:
  explicit credential_masker(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (!is_name_char(text_[at_])) {
        out_ += text_[at_++];
        continue;
      }
      std::size_t end = at_;
      while (end < text_.size() && is_name_char(text_[end])) ++end;
      const std::string_view name = text_.substr(at_, end - at_);
      copy_to(end);
      behind(name);
    }
    return std::move(out_);
  }

 private:
  void copy_to(std::size_t end) {
    out_.append(text_.substr(at_, end - at_));
    at_ = end;
  }

  void mask_to(std::size_t end) {
    if (end == at_ || text_.substr(at_, end - at_) == masked) return copy_to(end);
    out_.append(masked);
    at_ = end;
  }

  [[nodiscard]] std::size_t skip_blanks(std::size_t from) const {
    while (from < text_.size() && (text_[from] == ' ' || text_[from] == '\t')) ++from;
    return from;
  }

  /// What follows a name.
  void behind(std::string_view name) {
    if (iequals(name, "bearer")) return behind_bearer();
    if (!is_credential_field(name) && !is_secret_in_text(name)) return;
    std::size_t value = at_;
    if (value < text_.size() && (text_[value] == '"' || text_[value] == '\'')) ++value;
    value = skip_blanks(value);
    if (value >= text_.size() || (text_[value] != ':' && text_[value] != '=')) return;
    value = skip_blanks(value + 1);
    if (is_credential_field(name)) {
      copy_to(value);
      return mask_to(std::min(text_.find_first_of("\r\n", value), text_.size()));
    }
    char quote = '\0';
    if (value < text_.size() && (text_[value] == '"' || text_[value] == '\'')) quote = text_[value++];
    const std::size_t end = value_end(text_, value, quote);
    // The end of an address before a colon: "https://host/oauth2/token: the answer ...".
    const std::size_t begin = at_ - name.size();
    if (begin > 0 && text_[begin - 1] == '/' && !is_token_like(text_.substr(value, end - value))) return;
    copy_to(value);
    mask_to(end);
  }

  void behind_bearer() {
    const std::size_t value = skip_blanks(at_);
    const std::size_t end = value_end(text_, value, '\0');
    if (value == at_ || !is_token_like(text_.substr(value, end - value))) return;
    copy_to(value);
    mask_to(end);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string mask_secrets_in_text(std::string_view text) {
  const std::string without_urls = mask_urls(text);
  return credential_masker(without_urls).run();
}

}  // namespace pofetch::core
