#include "sources/html/html_events.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <new>
#include <string>

namespace pofetch::sources {

namespace {

/// Bytes given to the parser at once: its own look-ahead costs more on larger pieces.
constexpr std::size_t piece_bytes = 16U << 10;

std::string_view view_of(const xmlChar* text) noexcept {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

void initialise_parser_library() {
  // Once a process, before any thread parses: libxml2 asks for it.
  static const bool done = (xmlInitParser(), true);
  (void)done;
}

}  // namespace

/// The C side. An exception must not pass through the parser's frames, so it waits in `thrown_`.
struct html_events::calls {
  static void started(void* user, const xmlChar* name, const xmlChar** attributes) {
    auto& self = *static_cast<html_events*>(user);
    if (self.halted()) return;
    self.silent_bytes_ = 0;
    if (self.open_.size() >= self.limits_.depth) return self.stop("its elements are nested too deep");
    if (++self.elements_ > self.limits_.elements) return self.stop("it has too many elements");
    guarded(self, [&] { self.tell_start(view_of(name), attributes); });
  }

  static void ended(void* user, const xmlChar* /*name*/) {
    auto& self = *static_cast<html_events*>(user);
    if (self.halted() || self.open_.empty()) return;
    self.silent_bytes_ = 0;
    guarded(self, [&] { self.tell_end(); });
  }

  static void characters(void* user, const xmlChar* text, int length) {
    auto& self = *static_cast<html_events*>(user);
    if (self.halted() || length <= 0) return;
    self.silent_bytes_ = 0;
    const std::string_view chars(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    guarded(self, [&] { self.handler_.text(chars); });
  }

  static void ignored(void* user, const xmlChar* /*text*/, int /*length*/) {
    static_cast<html_events*>(user)->silent_bytes_ = 0;
  }
  static void comment(void* user, const xmlChar* /*text*/) {
    static_cast<html_events*>(user)->silent_bytes_ = 0;
  }

  /// Nothing is ever printed. Looking for the start of a stray end tag costs as much as the page is deep.
  static void complained(void* user, xmlErrorPtr error) {
    auto& self = *static_cast<html_events*>(user);
    if (error->code == XML_ERR_TAG_NAME_MISMATCH && ++self.stray_ends_ > self.limits_.stray_ends)
      self.stop("too many of its end tags end nothing");
  }

  template <class Function>
  static void guarded(html_events& self, Function tell) {
    try {
      tell();
    } catch (...) {
      self.thrown_ = std::current_exception();
      self.stop("the program ran out of memory");
    }
  }

  static xmlSAXHandler table() {
    xmlSAXHandler made{};
    made.startElement = &started;
    made.endElement = &ended;
    made.characters = &characters;
    made.ignorableWhitespace = &characters;
    made.initialized = XML_SAX2_MAGIC;  // without it `serror` is not looked at
    made.serror = &complained;
    return made;
  }
};

struct html_events::parser {
  xmlSAXHandler sax = calls::table();
  htmlParserCtxtPtr context;

  explicit parser(html_events* owner)
      : context(htmlCreatePushParserCtxt(&sax, owner, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8)) {
    if (context == nullptr) throw std::bad_alloc();
    htmlCtxtUseOptions(context, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                    HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
  }
  parser(const parser&) = delete;
  parser& operator=(const parser&) = delete;
  ~parser() {
    if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
    htmlFreeParserCtxt(context);
  }
};

html_events::html_events(html_handler& handler, std::string_view content_type, html_limits limits)
    : handler_(handler), limits_(limits), decoder_(content_type) {
  initialise_parser_library();
  parser_ = std::make_unique<parser>(this);
}

html_events::~html_events() = default;

result<void> html_events::feed(std::string_view bytes) { return push(decoder_.decode(bytes), false); }

result<void> html_events::finish() {
  if (finished_) return {};
  finished_ = true;
  return push(decoder_.finish(), true);
}

result<void> html_events::push(std::string_view utf8, bool last) {
  while (!utf8.empty() && !halted()) {
    const std::string_view piece = utf8.substr(0, piece_bytes);
    utf8.remove_prefix(piece.size());
    const std::string_view markup = filter_.filter(piece);
    if (!filter_.script().empty()) calls::guarded(*this, [this] { handler_.script(filter_.script()); });
    parse(references_.pass(markup));
    if (silent_bytes_ + filter_.held() > limits_.token_bytes) stop("one of its tags or texts is too long");
  }
  if (last && !halted()) {
    parse(references_.pass(filter_.finish()));
    parse(references_.finish());
    if (!halted()) htmlParseChunk(parser_->context, nullptr, 0, 1);
    // At a tag that the page's end cuts off the parser may leave elements open.
    while (!halted() && !open_.empty()) calls::guarded(*this, [this] { tell_end(); });
  }
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  if (halted())
    return make_failure(errc::unexpected_content,
                        fmt::format("The page is not read to its end: {}.", stopped_));
  return {};
}

void html_events::parse(std::string_view utf8) {
  if (utf8.empty()) return;
  silent_bytes_ += utf8.size();
  htmlParseChunk(parser_->context, utf8.data(), static_cast<int>(utf8.size()), 0);
  if (parser_->context->disableSAX != 0) stop("it cannot be read as HTML");
}

bool html_events::halted() const noexcept { return !stopped_.empty(); }

void html_events::stop(std::string_view why) noexcept {
  if (halted()) return;
  stopped_ = why;
  xmlStopParser(parser_->context);
}

void html_events::tell_start(std::string_view name, const unsigned char** attributes) {
  attributes_.clear();
  for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
    if (attributes_.size() == limits_.attributes) break;
    std::string_view value = view_of(attributes[1]);
    if (value.size() > limits_.attribute_bytes) value = {};
    attributes_.push_back(html_attribute{view_of(attributes[0]), value});
  }
  open_.emplace_back(name);
  handler_.element_started(html_element{name, attributes_, open_.size()});
}

void html_events::tell_end() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  handler_.element_ended(name, open_.size() + 1);
}

}  // namespace pofetch::sources
