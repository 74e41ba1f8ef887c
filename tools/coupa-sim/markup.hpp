#pragma once

#include "coupa-sim/dice.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace coupa_sim {

/// One attribute of a tag. `bare`: written without a value.
struct markup_attribute {
  std::string_view name;
  std::string value{};
  bool bare = false;
};

/// Writes HTML the way a large old application does: the order and case of attributes, the case of
/// tags, quotes and character references vary, all valid and all meaning the same.
class markup_writer {
 public:
  explicit markup_writer(std::uint64_t seed) : rolls_(seed) {}

  /// `<tag ...>`
  [[nodiscard]] std::string open(std::string_view tag, std::vector<markup_attribute> attributes);

  /// `<tag ...>inner</tag>`; `inner` is markup already.
  [[nodiscard]] std::string element(std::string_view tag, std::vector<markup_attribute> attributes,
                                    std::string_view inner);

  /// Text for between tags, sometimes with white space around it.
  [[nodiscard]] std::string text(std::string_view plain);

  /// `inner` within `depth` plain boxes.
  [[nodiscard]] std::string nest(std::string_view inner, std::uint64_t depth);

  [[nodiscard]] dice& rolls() noexcept { return rolls_; }

 private:
  [[nodiscard]] std::string escape(std::string_view plain);
  [[nodiscard]] std::string attribute(const markup_attribute& one);

  dice rolls_;
};

}  // namespace coupa_sim
