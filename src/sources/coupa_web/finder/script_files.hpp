#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// Reads scripts and data in JSON for objects that name a file, as they arrive: pages that draw their
/// attachments with a script carry them so. Knows quoted texts, keys and brackets, nothing else of the
/// language.
class script_files {
 public:
  /// `{"file_name": "plan.pdf", "url": "/attachments/7/download"}`.
  struct entry {
    std::string name;     ///< that of a document
    std::string address;  ///< the first quoted text that could lead to a file; may be empty
    std::string id;
    bool among_attachments = false;  ///< a key around it says so
  };

  static constexpr std::size_t most_entries = 1000;

  void read(std::string_view chars);
  /// The script is whole.
  void end();

  [[nodiscard]] const std::vector<entry>& entries() const noexcept { return entries_; }

 private:
  struct container {
    entry what;
    bool list = false;
  };

  void in_code(char c);
  void in_text(char c);
  void escaped(char c);
  void open(bool list);
  void close();
  void take_value();

  std::vector<container> open_;
  std::vector<entry> entries_;
  std::string text_;     ///< the quoted text, or the last one
  std::string key_;      ///< what the next value is called
  std::string unicode_;  ///< the digits behind `\u`
  std::uint32_t surrogate_ = 0;
  char quote_ = 0;
  bool escape_ = false;
  bool in_unicode_ = false;
  bool has_text_ = false;  ///< a text that is a key or a value, as the next character says
  std::size_t too_deep_ = 0;
};

}  // namespace pofetch::sources
