#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/store.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace pofetch::storage {

/// The note beside a body under way: says whose body it is, of which version, and since which start of the
/// machine it is written. Only while the machine was not started again is every byte that was written
/// still there, however the process ended. No secret stands in it.
struct part_note {
  std::string boot;   ///< as `this_boot` said
  std::string owner;  ///< as `owner_mark` made it
  body_note body;
};

/// Bodies under way and their notes; the user's umask decides on the rest.
constexpr mode_t file_mode = 0666;
constexpr std::string_view part_suffix = ".part";

/// A longer note is neither written nor read.
constexpr std::size_t longest_note = 8192;

/// Number of this start of the machine; empty if the system does not tell.
[[nodiscard]] const std::string& this_boot();

/// The owner's name as notes carry it: a digest, so that it has a bound and shows nothing. Empty if there
/// is none to be had.
[[nodiscard]] std::string owner_mark(std::string_view owner);

/// The note as text (its form is described in part_note.cpp); nothing if it would be too long.
[[nodiscard]] std::optional<std::string> format_note(const part_note& note);

/// The inverse. Nothing for anything that `format_note` would not have written.
[[nodiscard]] std::optional<part_note> parse_note(std::string_view text);

/// The name of the note that goes with a body: the body's with `.note` in the place of `.part`.
[[nodiscard]] std::string note_name(std::string_view part);

/// Writes the note beside the body `part` in the open folder, in one step: there is never half a note. 0 or
/// an errno.
[[nodiscard]] int write_note(int folder, const std::string& part, std::string_view text);

/// A body that an earlier run left, fit to be resumed.
struct left_part {
  os::unique_fd file;
  part_note note;
  std::uint64_t found = 0;  ///< see left_body
};

/// Opens such a body. Nothing if anything about it is doubtful: no note or one that cannot be read, of
/// another start of the machine, something that is no plain file of our own with one name, more bytes than
/// the whole has or none, or written to more than a week ago.
[[nodiscard]] std::optional<left_part> open_left(int folder, const std::string& part);

}  // namespace pofetch::storage
