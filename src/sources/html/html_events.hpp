#pragma once

#include "sources/html/charset_decoder.hpp"
#include "sources/html/markup_filter.hpp"
#include "sources/html/numeric_references.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

struct html_attribute {
  std::string_view name;   ///< lower case
  std::string_view value;  ///< entities decoded, UTF-8; empty if it has none
};

/// One start tag. Views are valid during the call only.
struct html_element {
  std::string_view name;  ///< lower case
  std::span<const html_attribute> attributes;
  /// Elements open around it, itself included: 1 for the root.
  std::size_t depth = 0;

  /// Value of the first attribute of that (lower-case) name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view attribute) const noexcept {
    for (const html_attribute& each : attributes)
      if (each.name == attribute) return each.value;
    return std::nullopt;
  }
  /// The same, empty if it is not there.
  [[nodiscard]] std::string_view get(std::string_view attribute) const noexcept {
    return find(attribute).value_or(std::string_view{});
  }
};

/// Receives a page as it is read. Starts and ends are balanced, whatever the page does.
class html_handler {
 public:
  virtual ~html_handler() = default;
  virtual void element_started(const html_element& element) = 0;
  /// `depth` is that of its start.
  virtual void element_ended(std::string_view name, std::size_t depth) = 0;
  /// Characters, entities decoded, UTF-8; may come in any number of pieces. Never those of scripts, styles
  /// and comments.
  virtual void text(std::string_view chars) = 0;
  /// The content of scripts, as it stands there, in any number of pieces; a NUL ends each script. Not in
  /// order with the other events.
  virtual void script(std::string_view /*chars*/) {}
};

struct html_limits {
  /// Elements open at the same time.
  std::size_t depth = 512;
  std::size_t elements = 500'000;
  /// End tags that end nothing.
  std::size_t stray_ends = 20'000;
  /// Attributes of one element that are looked at.
  std::size_t attributes = 256;
  /// A longer attribute value is taken for empty (bytes).
  std::size_t attribute_bytes = 64U << 10;
  /// Bytes that one tag, or text between tags, may take.
  std::size_t token_bytes = 4U << 20;
};

/// Reads HTML as it arrives, in chunks of any size, and tells a handler what it sees: no tree, memory does
/// not grow with the page. Takes whatever a server sends: what is malformed is repaired as well as can
/// be. Nothing is ever loaded from elsewhere.
class html_events {
 public:
  /// The handler must outlive this object. `content_type` is the value of that field, or empty.
  explicit html_events(html_handler& handler, std::string_view content_type = {}, html_limits limits = {});
  ~html_events();

  html_events(const html_events&) = delete;
  html_events& operator=(const html_events&) = delete;

  /// Failure unexpected_content: the page breaks one of the limits; nothing more is read of it then.
  result<void> feed(std::string_view bytes);

  /// The page is whole. Closes the elements that are still open.
  result<void> finish();

 private:
  struct calls;  ///< what the parser calls
  struct parser;

  result<void> push(std::string_view utf8, bool last);
  void parse(std::string_view utf8);
  void tell_start(std::string_view name, const unsigned char** attributes);
  [[nodiscard]] bool halted() const noexcept;
  void tell_end();
  void stop(std::string_view why) noexcept;

  html_handler& handler_;
  html_limits limits_;
  charset_decoder decoder_;
  markup_filter filter_;
  numeric_references references_;
  std::unique_ptr<parser> parser_;
  std::vector<html_attribute> attributes_;  ///< of the element that is reported
  std::vector<std::string> open_;           ///< names of the elements that are open
  std::size_t elements_ = 0;
  std::size_t stray_ends_ = 0;
  std::size_t silent_bytes_ = 0;  ///< since the last event
  bool finished_ = false;
  std::string_view stopped_;  ///< why, if it was
  std::exception_ptr thrown_;
};

}  // namespace pofetch::sources
