#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/transport.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

/// What a source knows of an attachment besides.
struct attachment_note {
  /// Where the same bytes may be had if the attachment's address does not lead to them; empty: nowhere.
  std::string second_url{};
  /// Listed, but nothing to fetch (a text, a link): one sentence says what it is. Empty: a file.
  std::string not_a_file{};
};

/// By key; only of attachments of which there is something to say.
using attachment_notes = std::map<std::string, attachment_note>;

/// What a source found out about one PO.
struct discovery {
  /// Masked address of the PO's page.
  std::string page_url;
  /// Best effort; empty if the source does not say.
  std::string supplier;
  /// In the source's own, stable order; keys are unique.
  std::vector<attachment> attachments;
  attachment_notes notes{};
  /// Part of the PO could not be read (a linked requisition, say): it can be PARTIAL at best.
  std::optional<failure> incomplete{};
  /// Nothing has changed since the pages that were asked for again: there is no list in here, that of the
  /// last look holds.
  bool unchanged = false;
  /// What the next look can ask by (see po_look).
  std::string updated_at{};
  std::vector<page_mark> pages{};
  /// The source's clock at the look, where it tells the time.
  std::optional<std::chrono::system_clock::time_point> time{};
};

/// Answers one question: which attachments has this PO? One object belongs to one executor, like the
/// transport it uses.
class attachment_source {
 public:
  virtual ~attachment_source() = default;

  /// Failures: not_found (no such PO, or not for this user), session_expired, unexpected_content (a
  /// page that is no PO page, or another PO's), and those of the transport. Retries transient
  /// failures itself.
  [[nodiscard]] virtual awaitable<result<discovery>> discover(const purchase_order& po) = 0;

  /// The same for a PO whose last look left these pages, at least one: may find that all is `unchanged`. Both
  /// must outlive the call.
  [[nodiscard]] virtual awaitable<result<discovery>> discover_again(const purchase_order& po,
                                                                    const std::vector<page_mark>& /*pages*/) {
    return discover(po);
  }

  /// The same for a PO of which the list names the attachments itself, at least one. Both must outlive the
  /// call.
  [[nodiscard]] virtual awaitable<result<discovery>> discover_listed(
      const purchase_order& po, const std::vector<listed_attachment>& /*listed*/) {
    return discover(po);
  }

  /// Is this the source's own address for signing in, so that a redirect of a file to it need not be
  /// followed?
  [[nodiscard]] virtual bool is_sign_in_url(std::string_view /*url*/) const { return false; }

  /// Has this address the words of sign-in pages? Storages, folders and files have them, too: it says
  /// something only where no file came from there in the end.
  [[nodiscard]] virtual bool looks_like_sign_in(std::string_view /*url*/) const { return false; }

  /// Does this answer to a download mean that signing in is needed? `first_bytes` is the beginning of
  /// the body (up to 64 KiB) when it is an HTML page, else empty. `page_expected`: the file is a page by
  /// name, or the server gives this page as the file, or the body is not known yet: only what is sure counts.
  [[nodiscard]] virtual bool asks_to_sign_in(const http_response& /*head*/, std::string_view /*first_bytes*/,
                                             bool /*page_expected*/) const {
    return false;
  }
};

}  // namespace pofetch
