#include "core/mask_url.hpp"

#include "core/ascii.hpp"
#include "core/secret_params.hpp"
#include "core/url.hpp"
#include "core/url_parts.hpp"

#include <algorithm>
#include <array>

namespace pofetch::core {
namespace {

/// Lower-case letters and digits alone.
std::string name_key(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (is_alnum(c)) key += to_lower(c);
  }
  return key;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string mask_at_depth(std::string_view url, int depth);
void append_params(std::string& out, std::string_view text, int depth);

bool holds_secret_at(std::string_view encoded, int depth) {
  constexpr int deepest = 4;
  if (encoded.empty()) return false;
  const std::string value = decode_percent(encoded);
  if (value.size() > 20 && value.rfind("eyJ", 0) == 0) return true;
  const bool is_address = value.find("://") != std::string::npos || value.find('?') != std::string::npos ||
                          value.find('=') != std::string::npos || value.find('%') != std::string::npos;
  if (!is_address) return false;
  // Nobody nests so deep but to hide something.
  if (depth >= deepest) return true;
  if (value != encoded && holds_secret_at(value, depth + 1)) return true;
  std::string inner = mask_at_depth(value, depth + 1);
  append_params(inner, value, depth + 1);
  return inner.find(masked) != std::string::npos ||
         split_url(value).authority.value_or("").find('@') != std::string_view::npos;
}

void append_param(std::string& out, std::string_view text, int depth) {
  const url_param param = split_param(text);
  const std::string_view value = param.value.value_or(param.name);
  const bool secret = param.value
                          ? is_secret_name(decode_percent(param.name)) || holds_secret_at(value, depth)
                          : holds_secret_at(value, depth);
  if (!secret || value.empty()) {
    out += text;
    return;
  }
  if (param.value) out.append(param.name).append(1, '=');
  out += masked;
}

/// `name=value` pairs between `&` and `;`.
void append_params(std::string& out, std::string_view text, int depth) {
  for (;;) {
    const auto end = text.find_first_of("&;");
    append_param(out, text.substr(0, end), depth);
    if (end == std::string_view::npos) return;
    out += text[end];
    text.remove_prefix(end + 1);
  }
}

/// Path parameters (`;jsessionid=...`) of every segment.
void append_path(std::string& out, std::string_view path, int depth) {
  bool first = true;
  for (const auto segment : split(path, '/')) {
    if (!first) out += '/';
    first = false;
    const auto semicolon = segment.find(';');
    out += segment.substr(0, semicolon);
    if (semicolon == std::string_view::npos) continue;
    out += ';';
    append_params(out, segment.substr(semicolon + 1), depth);
  }
}

/// Without `user:password@` where there is no proper authority to look for it.
std::string_view without_loose_userinfo(std::string_view url) {
  const std::string_view head = url.substr(0, url.find_first_of("?#"));
  const auto at = head.find('@');
  if (at == std::string_view::npos || head.find(':') > at || istarts_with(head, "mailto:")) return url;
  return url.substr(at + 1);
}

void escape_controls(std::string& text) {
  if (std::none_of(text.begin(), text.end(), is_control)) return;
  std::string escaped;
  for (const char c : text) {
    if (is_control(c)) {
      escaped += encode_component(std::string_view(&c, 1));
    } else {
      escaped += c;
    }
  }
  text = std::move(escaped);
}

/// Nearly every address: nothing in it can hide anything.
bool is_innocent(std::string_view url) {
  const auto is_telling = [](char c) {
    return c == '@' || c == ';' || c == '?' || c == '#' || is_control(c);
  };
  if (std::any_of(url.begin(), url.end(), is_telling)) return false;
  const std::string_view authority = split_url(url).authority.value_or("");
  return without_userinfo(authority).size() == authority.size();
}

std::string mask_at_depth(std::string_view url, int depth) {
  url_parts parts = split_url(url);
  std::string out;
  if (!parts.authority) {
    url = without_loose_userinfo(url);
    parts = split_url(url);
  }
  if (!parts.scheme.empty()) out.append(parts.scheme).append(1, ':');
  if (parts.authority) {
    // A password with a slash in it cuts the authority short.
    const auto at = parts.path.find('@');
    if (at != std::string_view::npos && without_userinfo(*parts.authority) != *parts.authority &&
        parts.authority->find('@') == std::string_view::npos) {
      out.append("//");
      parts.path.remove_prefix(at + 1);
    } else {
      out.append("//").append(without_userinfo(*parts.authority));
    }
  }
  append_path(out, parts.path, depth);
  if (parts.query) {
    out += '?';
    append_params(out, *parts.query, depth);
  }
  if (parts.fragment) {
    out += '#';
    append_params(out, *parts.fragment, depth);
  }
  return out;
}

}  // namespace

std::string_view without_userinfo(std::string_view authority) noexcept {
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) return authority.substr(at + 1);
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos)
    return authority;
  const std::string_view port = authority.substr(colon + 1);
  return std::all_of(port.begin(), port.end(), is_digit) ? authority
                                                         : authority.substr(0, authority.find(':'));
}

bool holds_secret(std::string_view encoded_value) { return holds_secret_at(encoded_value, 0); }

bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 16> parts{
      "token",  "signature", "secret",  "password", "passwd", "passphrase", "senha",  "credential",
      "apikey", "accesskey", "session", "sessid",   "jwt",    "hmac",       "bearer", "cookie"};
  constexpr std::array<std::string_view, 17> words{
      "sig",   "code",         "sid",         "ticket",    "otp",           "pin",
      "pwd",   "pass",         "sas",         "saml",      "assertion",     "policy",
      "state", "samlresponse", "samlrequest", "keypairid", "googleaccessid"};
  const std::string key = name_key(name);
  if (is_one_of(key, words) || ends_with(key, "key")) return true;
  if (key.find("auth") != std::string::npos) {
    // `author` names a person, `authorization` does not.
    const bool person = key.find("author") != std::string::npos && key.find("authori") == std::string::npos;
    if (!person) return true;
  }
  return std::any_of(parts.begin(), parts.end(),
                     [&key](std::string_view part) { return key.find(part) != std::string::npos; });
}

std::string mask_url(std::string_view url) {
  if (is_innocent(url)) return std::string(url);
  std::string out = mask_at_depth(url, 0);
  escape_controls(out);
  return out;
}

}  // namespace pofetch::core
