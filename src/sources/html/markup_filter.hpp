#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// Stands before the HTML parser: passes text and whole tags on, and leaves out what no handler wants: the
/// content of scripts and styles, comments and declarations. libxml2's push parser must not see a chunk that
/// ends within a tag or a script: it forgets there in which quotes or element it was.
class markup_filter {
 public:
  /// What can be parsed by now. Valid until the next call.
  [[nodiscard]] std::string_view filter(std::string_view bytes);

  /// The page is whole: an unfinished tag, if there is one.
  [[nodiscard]] std::string_view finish();

  /// What the last call left out of scripts; a script's end is a NUL.
  [[nodiscard]] std::string_view script() const noexcept { return script_; }

  /// Bytes of the tag that is not finished yet.
  [[nodiscard]] std::size_t held() const noexcept { return tag_.size(); }

 private:
  enum class state {
    text,          ///< between tags
    opened,        ///< after `<`
    name,          ///< in the name of a start tag
    tag,           ///< in a tag, behind its name
    before_value,  ///< after `=`
    unquoted,      ///< in a value
    double_quoted,
    single_quoted,
    declaration,  ///< after `<!`
    comment,      ///< until `-->`
    bogus,        ///< `<!x` and `<?`: until `>`
    raw,          ///< in a script or style, until its end tag
  };

  [[nodiscard]] state after(char c);
  [[nodiscard]] state in_opened(char c);
  [[nodiscard]] state in_name(char c);
  [[nodiscard]] state in_value(char c);
  [[nodiscard]] state in_tag(char c);
  [[nodiscard]] state in_declaration(char c);
  [[nodiscard]] state in_comment(char c);
  [[nodiscard]] state in_raw(char c);
  void move_on(state next, char c);

  state state_ = state::text;
  std::string out_;
  std::string script_;
  std::string tag_;          ///< unfinished
  std::string name_;         ///< of the start tag, as far as it matters
  std::string raw_end_;      ///< what ends the raw text
  std::size_t matched_ = 0;  ///< characters of what ends the comment or raw text, seen so far
};

}  // namespace pofetch::sources
