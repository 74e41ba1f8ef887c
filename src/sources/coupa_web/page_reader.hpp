#pragma once

#include "sources/coupa_web/coupa_page.hpp"
#include "sources/html/html_events.hpp"

#include <pofetch/transport.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace pofetch::sources {

/// Where the body of a page goes: it is read as it arrives and never kept. One object an exchange.
class page_reader final : public body_sink {
 public:
  /// Bytes of a page that are looked at when only its markers count: answers that are no success.
  static constexpr std::size_t marker_bytes = 256U << 10;

  /// `wanted`: digits of the number that was asked for, or empty. With `markers_only`, no page is read
  /// further than `marker_bytes`.
  explicit page_reader(std::string wanted, bool markers_only = false);

  result<void> begin(const http_response& head) override;
  /// Failure unexpected_content: a page with status 200 breaks the bounds of `html_events`.
  result<void> write(std::span<const std::byte> bytes) override;

  /// After the exchange; call once. The facts of what came; those of an empty page if it was no HTML.
  [[nodiscard]] result<page_facts> finish();

 private:
  std::string wanted_;
  bool markers_only_;
  bool is_page_ = false;  ///< may be HTML
  std::size_t left_ = 0;  ///< bytes still to be looked at
  std::unique_ptr<coupa_page> page_;
  std::unique_ptr<html_events> events_;
};

}  // namespace pofetch::sources
