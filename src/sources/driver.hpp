#pragma once

#include "core/po_number.hpp"
#include "sources/credentials.hpp"
#include "sources/driver_facts.hpp"
#include "sources/order_listing.hpp"
#include "sources/session_state.hpp"
#include "sources/workplace.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/batch.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// All that the engine has to know of a source. One object a source for the whole process, on any thread; it
/// has no state. `known_sources.hpp` is the table of them.
class driver {
 public:
  virtual ~driver() = default;

  [[nodiscard]] virtual driver_facts facts() const noexcept = 0;

  // --- options ---

  /// What the options of a batch have to hold with this source, beyond what holds with all. Failure config,
  /// one sentence that names the setting.
  [[nodiscard]] virtual result<void> check(const batch_options& /*options*/) const { return {}; }

  // --- numbers ---

  /// The purchase orders that a text means, a cell of a list for instance.
  [[nodiscard]] virtual core::po_cell read_numbers(std::string_view text) const {
    return core::parse_po_cell(text);
  }

  // --- signing in ---

  /// Brings them together from options, files and commands, so it blocks; null: there are none but cookies.
  /// Failure config: something is missing, or cannot be used.
  [[nodiscard]] virtual result<std::unique_ptr<credentials>> load_credentials(
      const instance_options& /*options*/, progress& /*events*/,
      const std::function<bool()>& /*stopped*/) const {
    return std::unique_ptr<credentials>();
  }

  /// One question to the instance, tried again at most so often: does the sign-in hold? Failures: those of
  /// the transport, and what the source says of its own. Cancellable.
  [[nodiscard]] virtual awaitable<result<session_state>> probe(workplace at, unsigned most_retries) const;

  /// The same, now that somebody was refused: a refusal is the state `expired`, no failure.
  [[nodiscard]] virtual awaitable<result<session_state>> probe_again(workplace at) const {
    return probe(at, at.pool.retries);
  }

  // --- finding attachments ---

  [[nodiscard]] virtual std::unique_ptr<attachment_source> open(const workplace& at) const = 0;

  /// Null: its orders are not listed.
  [[nodiscard]] virtual const order_listing* listing() const noexcept { return nullptr; }

  /// Where it has the pages of its orders, for the instance at that origin; nothing: nobody knows.
  [[nodiscard]] virtual std::optional<page_area> pages(const std::string& /*origin*/) const {
    return std::nullopt;
  }

  /// Is this, as the ledger has it, the page of an order from this source? May be empty.
  [[nodiscard]] virtual bool has_page(std::string_view /*page*/) const { return false; }

  // --- what `doctor` says ---

  /// On the answer to `probe`. `known`: the credentials, if there are any.
  [[nodiscard]] virtual finding on_sign_in(const result<session_state>& state,
                                           const instance_options& options, const credentials* known) const;

  /// What to do about a sign-in that was refused.
  [[nodiscard]] virtual std::string advice(const failure& /*why*/) const { return {}; }

  /// Would every order be refused in this way?
  [[nodiscard]] virtual bool lacks_rights(const failure& /*why*/) const { return false; }
};

}  // namespace pofetch::sources
