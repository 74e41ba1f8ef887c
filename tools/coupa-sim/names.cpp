#include "coupa-sim/names.hpp"

#include <algorithm>
#include <array>

namespace coupa_sim {
namespace {

constexpr std::array<std::string_view, 14> stems{
    "Quote",
    "Contract signed",
    "Order confirmation",
    "Delivery note",
    "scan",
    "Relat\u00f3rio t\u00e9cnico",
    "Pre\u00e7os & condi\u00e7\u00f5es",
    "Terms (signed)",
    "Angebot M\u00fcller",
    "O'Neil scope",
    "\u898b\u7a4d\u66f8",
    "100% cotton + lining #2",
    "mail",
    "price-list_2024.v2",
};

constexpr std::array<std::string_view, 9> suppliers{
    "Acme Industrial",
    "Brown & Sons",
    "Cer\u00e2mica S\u00e3o Jo\u00e3o Ltda",
    "Delta Pumps GmbH",
    "\u00c9cole des M\u00e9tiers",
    "Foster \"Fast\" Freight",
    "Globex <Europe>",
    "H\u00e5kansson AB",
    "Initech",
};

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string quote(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string ascii_stand_in(std::string_view name) {
  std::string out;
  for (const char c : name) out += static_cast<unsigned char>(c) < 0x80 ? c : '_';
  return out;
}

}  // namespace

std::string file_stem(std::uint64_t roll, unsigned ordinal) {
  return std::string(stems.at(roll % stems.size())) + ' ' + std::to_string(ordinal + 1);
}

std::string content_disposition(disposition_style style, std::string_view name) {
  const std::string extended = "filename*=UTF-8''" + percent_encode(name);
  switch (style) {
    case disposition_style::none:
      return {};
    case disposition_style::quoted:
      if (is_ascii(name)) return "attachment; filename=" + quote(name);
      break;
    case disposition_style::token:
      if (std::all_of(name.begin(), name.end(), is_unreserved))
        return "inline; filename=" + std::string(name);
      if (is_ascii(name)) return "inline; filename=" + quote(name);
      break;
    case disposition_style::both:
      return "attachment; filename=" + quote(ascii_stand_in(name)) + "; " + extended;
    case disposition_style::extended:
      break;
  }
  return "attachment; " + extended;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

std::string percent_decode(std::string_view text, bool form) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string ascii_upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string_view supplier_name(std::uint64_t roll) { return suppliers.at(roll % suppliers.size()); }

}  // namespace coupa_sim
