#include "coupa-sim/markup.hpp"

#include "coupa-sim/names.hpp"

#include <fmt/format.h>

#include <utility>

namespace coupa_sim {
namespace {

/// Decodes the UTF-8 sequence at `text[i]` and moves `i` to its last byte. The texts are our own.
char32_t code_point(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t value = lead & (0x3FU >> more);
  for (unsigned k = 0; k < more && i + 1 < text.size(); ++k) {
    value = (value << 6U) | (static_cast<unsigned char>(text[++i]) & 0x3FU);
  }
  return value;
}

bool may_go_unquoted(std::string_view value) {
  return !value.empty() && value.find_first_of(" \t\r\n\"'`=<>&;/") == std::string_view::npos;
}

}  // namespace

std::string markup_writer::escape(std::string_view plain) {
  const bool numeric = rolls_.percent(25);
  const bool slashes = rolls_.percent(8);
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    switch (c) {
      case '&':
        out += numeric ? "&#38;" : "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += numeric ? "&#x3E;" : "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '/':
        if (slashes)
          out += numeric ? "&#x2F;" : "&#47;";
        else
          out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x80)
          out += c;
        else if (!numeric)
          out += c;
        else
          out += fmt::format("&#{};", static_cast<std::uint32_t>(code_point(plain, i)));
    }
  }
  return out;
}

std::string markup_writer::attribute(const markup_attribute& one) {
  const std::string name = rolls_.percent(12) ? ascii_upper(one.name) : std::string(one.name);
  if (one.bare) return name;
  const std::string value = escape(one.value);
  if (rolls_.percent(15) && may_go_unquoted(value)) return name + '=' + value;
  const char quote = rolls_.percent(30) ? '\'' : '"';
  return name + (rolls_.percent(5) ? " = " : "=") + quote + value + quote;
}

std::string markup_writer::open(std::string_view tag, std::vector<markup_attribute> attributes) {
  std::string out = '<' + (rolls_.percent(12) ? ascii_upper(tag) : std::string(tag));
  for (std::size_t left = attributes.size(); left > 0; --left) {
    std::swap(attributes[left - 1], attributes[rolls_.below(left)]);
    out += rolls_.percent(5) ? "\n    " : " ";
    out += attribute(attributes[left - 1]);
  }
  return out + '>';
}

std::string markup_writer::element(std::string_view tag, std::vector<markup_attribute> attributes,
                                   std::string_view inner) {
  std::string out = open(tag, std::move(attributes));
  out += inner;
  out += "</";
  out += rolls_.percent(12) ? ascii_upper(tag) : std::string(tag);
  return out + '>';
}

std::string markup_writer::text(std::string_view plain) {
  std::string out = escape(plain);
  if (rolls_.percent(20)) out = "\n      " + out + "\n    ";
  return out;
}

std::string markup_writer::nest(std::string_view inner, std::uint64_t depth) {
  std::string out(inner);
  for (std::uint64_t i = 0; i < depth; ++i) out = element("div", {{"class", "row"}}, out);
  return out;
}

}  // namespace coupa_sim
