#pragma once

#include <pofetch/attachment_source.hpp>

#include <string>
#include <string_view>
#include <unordered_set>

namespace pofetch::sources {

/// Puts together what the pages of one order carry, in the order in which they are added. The same
/// attachment is there once, wherever it stands.
class discovery_union {
 public:
  /// `page_url` is masked here.
  discovery_union(std::string_view page_url, std::string supplier);

  /// Takes one attachment. False: it is there already.
  bool add(attachment found, attachment_note note = {});

  /// A page, or part of one, could not be read.
  void note(failure problem);

  /// Call once.
  [[nodiscard]] discovery finish();

 private:
  void forget_reason(const attachment& found);

  discovery made_;
  std::unordered_set<std::string> keys_;
  std::size_t problems_ = 0;
};

}  // namespace pofetch::sources
