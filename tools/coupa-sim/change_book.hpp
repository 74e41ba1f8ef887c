#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace coupa_sim {

/// How often a page has changed, and when last.
struct page_changes {
  unsigned revision = 0;
  std::time_t when = 0;
};

/// A file that came to a PO later.
struct attached_file {
  unsigned ordinal = 0;
  unsigned owner = 0;
  std::string name;
  std::uint64_t size = 0;
  std::time_t when = 0;
};

/// What became of one file.
struct changed_file {
  unsigned version = 1;
  std::uint64_t size = 0;
  std::time_t when = 0;
  bool detached = false;
};

/// Everything that happened to one PO since the site was made.
struct order_changes {
  static constexpr unsigned most_pages = 3;
  std::time_t when = 0;
  std::array<page_changes, most_pages> pages{};  ///< of the PO, of its k-th requisition
  std::vector<attached_file> attached;
  std::map<unsigned, changed_file> files;  ///< by ordinal
};

/// The POs that were changed while the site is up. Any thread.
class change_book {
 public:
  /// As it is now, or nullptr. What is given never changes any more.
  [[nodiscard]] std::shared_ptr<const order_changes> find(std::uint64_t po) const;

  /// One change after the other: `act` gets a copy of what there is; what it throws leaves all as it was.
  void change(std::uint64_t po, const std::function<void(order_changes&)>& act);

 private:
  std::atomic<bool> any_ = false;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const order_changes>> orders_;
};

}  // namespace coupa_sim
