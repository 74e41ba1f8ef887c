#include "core/consequence.hpp"

#include "core/setting_text.hpp"

#include <array>
#include <cstddef>

namespace pofetch::core {
namespace {

/// A new code needs its row here and its line in MANUAL.md, nothing else.
constexpr auto make_consequences() {
  const auto row = [](errc code, std::string_view word, error_kind of, tried_again may, extent ends,
                      exit_state exit, std::string_view next_step, std::string_view to_go_on = {}) {
    return consequence{code, word, of, may, ends, exit, next_step, to_go_on};
  };
  using kind = error_kind;
  using again = tried_again;
  using state = exit_state;
  return std::array{
      row(errc::timeout, "timeout", kind::network, again::always, extent::request, state::usage,
          "Run the same command again; if it stays, raise the time limit that the message names."),
      // A proxy's refusal, a 4xx, stays one.
      row(errc::connection, "connection", kind::network, again::by_status, extent::request, state::usage,
          "Check the address, the network and the proxy, then run the same command again."),
      row(errc::tls, "tls", kind::security, again::never, extent::request, state::usage,
          "Give @cacert for the company's own authority, or @client_cert if the server asks for one; check "
          "the clock of this machine."),
      row(errc::http_status, "http", kind::remote, again::by_status, extent::request, state::usage,
          "Below 500: open the address in a browser and see what it says. From 500 on: run the same "
          "command again later."),
      row(errc::rate_limited, "rate_limited", kind::remote, again::always, extent::request, state::usage,
          "Set @requests_per_second or a smaller @max_connections, then run the same command again."),
      row(errc::truncated, "truncated", kind::network, again::always, extent::request, state::usage,
          "Run the same command again; if it stays, a proxy or the server cuts the file."),
      row(errc::digest_mismatch, "digest_mismatch", kind::content, again::always, extent::request,
          state::usage,
          "Run the same command again; if it stays, the server or the list announces the wrong size or "
          "digest."),
      row(errc::unexpected_content, "unexpected_content", kind::content, again::never, extent::request,
          state::usage,
          "Open the address in a browser; for a page that looks right there, please report it."),
      row(errc::too_large, "too_large", kind::content, again::never, extent::request, state::usage,
          "Raise @max_file_size, then run the same command again."),
      row(errc::too_many_redirects, "too_many_redirects", kind::remote, again::never, extent::request,
          state::usage, "Open the address in a browser and see where it leads."),
      row(errc::blocked_redirect, "blocked_redirect", kind::security, again::never, extent::request,
          state::usage,
          "If the host that the message names is yours, add @allow_host=HOST and run the same command "
          "again."),
      row(errc::protocol, "protocol", kind::remote, again::never, extent::request, state::usage,
          "Check @base_url; else the server, or something on the way to it, is at fault."),
      row(errc::session_expired, "session_expired", kind::session, again::never, extent::run, state::sign_in,
          "Sign in with a browser, save fresh cookies, and run the same command again."),
      row(errc::not_found, "not_found", kind::remote, again::never, extent::request, state::usage,
          "Check the number, and whether this user may see the order, then run the same command again."),
      row(errc::not_a_file, "not_a_file", kind::content, again::never, extent::request, state::usage,
          "Nothing: there is no file behind this attachment."),
      row(errc::disk, "disk", kind::machine, again::never, extent::body, state::machine,
          "See that the disk or share is there and sound, then run the same command again.",
          "See that the disk or share is there and sound, then run the same command again: what is "
          "finished is kept."),
      row(errc::disk_full, "disk_full", kind::machine, again::never, extent::run, state::machine,
          "Make room on the disk, then run the same command again.",
          "Make room there, then run the same command again: what is finished is kept."),
      row(errc::permission, "permission", kind::machine, again::never, extent::run, state::machine,
          "Let the user who runs pofetch write to the folder, then run the same command again.",
          "Let the user who runs pofetch write there (or give another @out), then run the same command "
          "again: what is finished is kept."),
      // One name in one folder: no reason to think that the machine is at fault.
      row(errc::exists, "exists", kind::content, again::never, extent::request, state::usage,
          "Move the file that has the name away, then run the same command again."),
      // What can be wrong with a ledger or a lock differs: the message itself says what to do.
      row(errc::locked, "locked", kind::machine, again::never, extent::run, state::machine,
          "Wait for the other run, or stop it."),
      row(errc::ledger, "ledger", kind::machine, again::never, extent::run, state::machine,
          "See that the disk or share is there and sound, then run the same command again."),
      row(errc::input, "input", kind::usage, again::never, extent::request, state::usage,
          "Fix the row of the list that the message names, then run the same command again."),
      row(errc::config, "config", kind::usage, again::never, extent::run, state::usage,
          "Fix the option or setting that the message names."),
      row(errc::unsupported, "unsupported", kind::usage, again::never, extent::request, state::usage,
          "See the message: this version cannot do it."),
      row(errc::cancelled, "cancelled", kind::cancelled, again::never, extent::run, state::interrupted,
          "Run the same command again to go on."),
      row(errc::internal, "internal", kind::internal, again::never, extent::request, state::machine,
          "Please report it, with the log."),
  };
}

constexpr auto all_consequences = make_consequences();

constexpr bool is_complete() {
  for (std::size_t i = 0; i < all_consequences.size(); ++i) {
    const consequence& one = all_consequences[i];
    if (one.code != static_cast<errc>(i) || one.word.empty() || one.next_step.empty()) return false;
  }
  return all_consequences.back().code == errc::internal;
}
static_assert(is_complete(), "a row for each code, in the order of errc");

}  // namespace

std::span<const consequence> consequences() noexcept { return all_consequences; }

const consequence& consequence_of(errc code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < all_consequences.size() ? all_consequences[index] : all_consequences.back();
}

}  // namespace pofetch::core
