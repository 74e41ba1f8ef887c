#pragma once

#include <pofetch/error.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace pofetch {

/// One attachment as a source lists it. Every text comes from outside and is hostile.
struct attachment {
  /// Identity within the PO across runs: the same attachment gives the same key in a later listing,
  /// whatever its position. Carries no secret (no signature or token of a URL).
  std::string key;
  /// Absolute address to fetch. May carry secrets: mask before showing or storing it.
  std::string url;
  /// What the source calls the file; may be empty. `Content-Disposition` beats it.
  std::string name;
  /// Announced size in bytes, if any: a body of another size is not complete.
  std::optional<std::uint64_t> size{};
  /// Announced SHA-256, 64 lower-case hexadecimal digits, or empty.
  std::string sha256{};
  /// When it was last changed, as the source writes it (RFC 3339); empty: the source does not say.
  std::string changed_at{};
  /// The user wrote this URL himself (manifest), so its own host needs no address check.
  bool user_named = false;
  /// Name and password that stood in the address, as the value of an Authorization field for its own origin;
  /// else empty. A secret.
  std::string authorization{};
};

/// What a list says of one attachment: a line of a manifest.
struct listed_attachment {
  /// In the list, for messages.
  std::int64_t line = 0;
  /// Its key is unique within the PO. Without an address: that is not kept any more, because the file was
  /// there.
  attachment file{};
  /// Why the line cannot be used: one sentence. Empty: it can.
  std::string problem{};
};

/// States of an attachment in the ledger. The numbers are on disk: never change one.
enum class attachment_status : int {
  pending = 0,     ///< not fetched yet, or stopped in between
  committing = 1,  ///< verified, about to be renamed into place
  completed = 2,   ///< whole, verified, under its final name
  failed = 3,      ///< tried and not got
  excluded = 4,    ///< left out by `include` or `exclude`
};

/// `PENDING`, `COMPLETED`, ... as in reports (`committing` is shown as PENDING).
[[nodiscard]] std::string_view to_string(attachment_status status) noexcept;

/// What is known of one attachment after (part of) a run: one ledger row, one report entry.
struct attachment_record {
  /// Position in the source's list, from 0.
  std::int64_t ordinal = 0;
  /// That of the attachment; of a further version of its file see `core/version_key.hpp`.
  std::string key;
  /// Name within the PO's folder, safe and final once given; empty while unknown.
  std::string name;
  /// Masked address.
  std::string url;
  attachment_status status = attachment_status::pending;
  std::uint64_t bytes = 0;
  /// 64 lower-case hexadecimal digits; empty with `hash` off.
  std::string sha256;
  std::string media_type;
  /// Tries made for it over all runs.
  std::int64_t attempts = 0;
  /// Modification time of the final file, nanoseconds since 1970, to notice later changes; 0 unknown.
  std::int64_t mtime_ns = 0;
  std::optional<failure> error{};
  /// By what the server can be asked whether the file is still this one: its entity-tag, else its
  /// Last-Modified, as sent; empty: by nothing.
  std::string validator{};
  /// `attachment::changed_at` as it was for this content; empty: not said, or not to be relied on.
  std::string listed_at{};
  /// The source does not list it any more. Its file stays.
  bool gone = false;
  /// The source has had another version of the file since.
  bool superseded = false;
};

/// As reports show it: `GONE` for a completed one that the source does not list any more, else its status.
[[nodiscard]] std::string_view status_word(const attachment_record& record) noexcept;

}  // namespace pofetch
