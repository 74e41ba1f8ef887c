#pragma once

#include "ledger/postgres/queue.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pofetch::postgres {

/// Some rows of a list on their way into the ledger: what is known is read, each row is put down in turn as
/// if it were written, and in the end everything is.
class intake_page {
 public:
  /// Where the list stands.
  struct place {
    std::int64_t generation = 0;
    std::int64_t position = 0;
    bool goes_on = false;
    intake_counts counts{};
  };

  intake_page(batch_at where, place at) : where_(where), at_(std::move(at)) {}

  /// What the ledger knows of these. Failures: ledger.
  [[nodiscard]] result<void> look_up(std::span<const po_entry> entries);
  /// Failures: ledger.
  [[nodiscard]] result<void> take(const po_entry& entry);
  /// Adds what writes all that was taken.
  void write(std::vector<command>& to) const;
  [[nodiscard]] const place& at() const noexcept { return at_; }

 private:
  struct known_po {
    std::int64_t id = 0;  ///< 0: it is new
    std::int64_t generation = 0;
    std::int64_t status = 0;
    std::int64_t position = 0;
    bool has_files = false;
    std::string folder{};
    std::string folder_key{};
    // What is to be written of it; null: nothing.
    const po_entry* entry = nullptr;
    bool new_state = false;
  };
  struct listed_line {
    std::string key;
    std::string url;
    std::int64_t alike = 1;
    std::int64_t position = 0;
    const listed_attachment* listed = nullptr;  ///< null: it stands in the ledger
    bool counted = false;                       ///< `alike` is to be written
  };

  result<void> look_up_orders(std::span<const po_entry> entries);
  result<void> look_up_folders(std::span<const po_entry> entries);
  result<void> look_up_listed(std::span<const po_entry> entries);
  result<void> take_order(const po_entry& entry, known_po& po);
  result<void> put(const po_entry& entry, known_po& po, std::int64_t position);
  [[nodiscard]] result<std::string> folder_for(const po_entry& entry, const known_po& po);
  [[nodiscard]] result<bool> is_free(const std::string& folder, const known_po& po);
  void take_listed(const po_entry& entry);
  void write_orders(std::vector<command>& to, bool new_ones) const;
  void write_listed(std::vector<command>& to) const;

  batch_at where_;
  place at_;
  std::unordered_map<std::string, known_po> orders_;
  /// In the order of the list.
  std::vector<known_po*> touched_;
  /// Who has a folder: a key of `orders_`, or an order that is not among these. Only of folders asked for so
  /// far.
  struct owner {
    bool there = false;
    std::int64_t id = 0;
    const known_po* of_page = nullptr;
    /// Somebody is about to get it.
    std::int64_t mover = 0;
  };
  std::unordered_map<std::string, owner> owners_;
  struct listed_order {
    std::vector<listed_line> lines{};
    std::unordered_map<std::string, std::size_t> by_key{};
    std::unordered_set<std::string> urls{};
    void add(listed_line line);
  };
  /// By key of the order.
  std::unordered_map<std::string, listed_order> listed_;
};

}  // namespace pofetch::postgres
