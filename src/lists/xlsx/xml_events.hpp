#pragma once

#include "lists/text/byte_source.hpp"

#include <pofetch/error.hpp>

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::lists {

struct xml_attribute {
  std::string_view name;  ///< without prefix
  std::string_view value;
};

/// The value of an attribute, empty if it is not there.
[[nodiscard]] std::string_view value_of(std::span<const xml_attribute> attributes,
                                        std::string_view name) noexcept;

/// Receives the elements of a document, by their names without prefix. Views are valid during the call only.
class xml_handler {
 public:
  virtual ~xml_handler() = default;

  virtual void element_started(std::string_view name, std::span<const xml_attribute> attributes) = 0;
  virtual void element_ended(std::string_view name) = 0;
  /// A piece of text; one text may come in several.
  virtual void text(std::string_view utf8) = 0;
};

/// XML 1.0 with namespaces, pushed in as it arrives: no tree, flat memory. A document type is refused, so
/// that there are no entities but the five of XML itself and characters by number; nothing outside is ever
/// looked up.
class xml_events {
 public:
  /// The handler must outlive it.
  explicit xml_events(xml_handler& handler);
  ~xml_events();

  xml_events(const xml_events&) = delete;
  xml_events& operator=(const xml_events&) = delete;

  /// The next bytes. False: they are no well-formed XML, or a document type (see `problem`). After a `halt`
  /// everything is taken and nothing is reported.
  [[nodiscard]] bool feed(std::string_view bytes);
  /// The document is whole.
  [[nodiscard]] bool finish();

  /// The handler wants no more. From inside its calls.
  void halt() noexcept;
  [[nodiscard]] bool halted() const noexcept { return halted_; }
  /// Why it cannot be read, in a few words without a full stop.
  [[nodiscard]] std::string problem() const;

 private:
  struct calls;
  struct parser;

  [[nodiscard]] bool parse(std::string_view bytes, bool last);

  xml_handler& handler_;
  bool halted_ = false;
  bool has_doctype_ = false;
  std::exception_ptr thrown_;
  std::unique_ptr<parser> parser_;
};

/// Reads a whole document, or up to where the handler halts it. Failure `input`: it cannot be read; `name` is
/// the file in messages.
[[nodiscard]] result<void> read_xml(byte_source& from, xml_events& into, const std::string& name);

/// The failure that stands for `problem`.
[[nodiscard]] failure xml_failure(const xml_events& events, const std::string& name);

}  // namespace pofetch::lists
