#pragma once

#include <pofetch/source_kind.hpp>

namespace pofetch::sources {

/// What a source is like.
struct driver_facts {
  source_kind kind;
  /// A person may choose it by its word.
  bool by_word = true;
  /// The list names the files, a row each; else the orders.
  bool names_files = false;
  /// It asks an instance, whose address it has to know.
  bool needs_instance = true;
  /// Signed in to by a browser's session, which ends some time: that is looked for beside the work.
  bool by_session = false;
  /// Signed in to by credentials: whether they are accepted is asked before the first order.
  bool by_credentials = false;
  /// Requests a second, where the user names no ceiling; 0: any number.
  double requests_per_second = 0;
};

}  // namespace pofetch::sources
