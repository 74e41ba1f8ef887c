#include "lists/xlsx/xml_events.hpp"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace pofetch::lists {
namespace {

constexpr std::size_t piece_size = 64U << 10;

std::string_view view_of(const xmlChar* text) noexcept {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

}  // namespace

std::string_view value_of(std::span<const xml_attribute> attributes, std::string_view name) noexcept {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [name](const xml_attribute& one) { return one.name == name; });
  return found == attributes.end() ? std::string_view{} : found->value;
}

/// The C side. An exception must not pass through the parser's frames, so it waits in `thrown_`.
struct xml_events::calls {
  static void started(void* user, const xmlChar* name, const xmlChar* /*prefix*/, const xmlChar* /*uri*/,
                      int /*namespaces*/, const xmlChar** /*uris*/, int count, int /*defaulted*/,
                      const xmlChar** attributes) {
    auto& self = *static_cast<xml_events*>(user);
    constexpr std::size_t step = 5;  // name, prefix, URI, begin and end of the value
    guarded(self, [&] {
      std::vector<xml_attribute> seen;
      seen.reserve(static_cast<std::size_t>(count));
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const xmlChar** one = attributes + i * step;
        const auto* begin = reinterpret_cast<const char*>(one[3]);
        const auto* end = reinterpret_cast<const char*>(one[4]);
        seen.push_back({view_of(one[0]), std::string_view(begin, static_cast<std::size_t>(end - begin))});
      }
      self.handler_.element_started(view_of(name), seen);
    });
  }

  static void ended(void* user, const xmlChar* name, const xmlChar* /*prefix*/, const xmlChar* /*uri*/) {
    auto& self = *static_cast<xml_events*>(user);
    guarded(self, [&] { self.handler_.element_ended(view_of(name)); });
  }

  static void characters(void* user, const xmlChar* text, int length) {
    auto& self = *static_cast<xml_events*>(user);
    if (length <= 0) return;
    const std::string_view chars(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    guarded(self, [&] { self.handler_.text(chars); });
  }

  static void document_type(void* user, const xmlChar* /*name*/, const xmlChar* /*public_id*/,
                            const xmlChar* /*system_id*/) {
    auto& self = *static_cast<xml_events*>(user);
    self.has_doctype_ = true;
    self.halt();
  }

  /// Nothing is ever printed; whether the document is well-formed is asked afterwards.
  static void complained(void* /*user*/, xmlErrorPtr /*error*/) {}

  template <class Function>
  static void guarded(xml_events& self, Function tell) {
    if (self.halted_) return;
    try {
      tell();
    } catch (...) {
      self.thrown_ = std::current_exception();
      self.halt();
    }
  }

  static xmlSAXHandler table() {
    xmlSAXHandler made{};
    made.initialized = XML_SAX2_MAGIC;
    made.startElementNs = &started;
    made.endElementNs = &ended;
    made.characters = &characters;
    made.ignorableWhitespace = &characters;
    made.cdataBlock = &characters;
    made.internalSubset = &document_type;
    made.serror = &complained;
    return made;
  }
};

struct xml_events::parser {
  xmlSAXHandler sax = calls::table();
  xmlParserCtxtPtr context;

  explicit parser(xml_events* owner) : context(xmlCreatePushParserCtxt(&sax, owner, nullptr, 0, nullptr)) {
    if (context == nullptr) throw std::bad_alloc();
    // NOENT: without it `&amp;` in an attribute would come as `&#38;`. There are no other entities, see
    // above.
    xmlCtxtUseOptions(context, XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  }
  parser(const parser&) = delete;
  parser& operator=(const parser&) = delete;
  ~parser() {
    if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
    xmlFreeParserCtxt(context);
  }
};

xml_events::xml_events(xml_handler& handler) : handler_(handler) {
  xmlInitParser();
  parser_ = std::make_unique<parser>(this);
}

xml_events::~xml_events() = default;

bool xml_events::feed(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), piece_size))) {
    if (!parse(bytes.substr(0, piece_size), false)) return false;
  }
  return true;
}

bool xml_events::finish() { return parse({}, true); }

bool xml_events::parse(std::string_view bytes, bool last) {
  if (halted_) return !has_doctype_;
  xmlParseChunk(parser_->context, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  if (halted_) return !has_doctype_;
  return parser_->context->wellFormed != 0;
}

void xml_events::halt() noexcept {
  if (std::exchange(halted_, true)) return;
  xmlStopParser(parser_->context);
}

std::string xml_events::problem() const {
  if (has_doctype_) return "there is a document type in it, which no spreadsheet program writes";
  const xmlError* last = xmlCtxtGetLastError(parser_->context);
  const std::string where = last == nullptr ? std::string() : " (line " + std::to_string(last->line) + ")";
  return "its XML is not well-formed" + where;
}

failure xml_failure(const xml_events& events, const std::string& name) {
  return make_failure(errc::input, name + " is damaged: " + events.problem() +
                                       "; open it in the spreadsheet program and save it again.");
}

result<void> read_xml(byte_source& from, xml_events& into, const std::string& name) {
  std::string buffer(piece_size, '\0');
  while (!into.halted()) {
    auto got = from.read(buffer);
    if (!got) return got.error();
    if (*got == 0) {
      if (!into.finish()) return xml_failure(into, name);
      return {};
    }
    if (!into.feed(std::string_view(buffer).substr(0, *got))) return xml_failure(into, name);
  }
  return {};
}

}  // namespace pofetch::lists
