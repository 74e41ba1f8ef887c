#include "lists/next_step.hpp"

namespace pofetch::lists {

std::string_view next_step(errc code) noexcept {
  switch (code) {
    case errc::timeout:
      return "Run the same command again; if it stays, raise the time limit that the message names.";
    case errc::connection:
      return "Check the address, the network and the proxy, then run the same command again.";
    case errc::tls:
      return "Give --cacert for the company's own authority, or --client-cert if the server asks for one; "
             "check the clock of this machine.";
    case errc::http_status:
      return "Below 500: open the address in a browser and see what it says. From 500 on: run the same "
             "command again later.";
    case errc::rate_limited:
      return "Set --requests-per-second or a smaller --max-connections, then run the same command again.";
    case errc::truncated:
      return "Run the same command again; if it stays, a proxy or the server cuts the file.";
    case errc::digest_mismatch:
      return "Run the same command again; if it stays, the server or the list announces the wrong size or "
             "digest.";
    case errc::unexpected_content:
      return "Open the address in a browser; for a page that looks right there, please report it.";
    case errc::too_large:
      return "Raise --max-file-size, then run the same command again.";
    case errc::too_many_redirects:
      return "Open the address in a browser and see where it leads.";
    case errc::blocked_redirect:
      return "If the host that the message names is yours, add --allow-host HOST and run the same command "
             "again.";
    case errc::protocol:
      return "Check --base-url; else the server, or something on the way to it, is at fault.";
    case errc::session_expired:
      return "Sign in with a browser, save fresh cookies, and run the same command again.";
    case errc::not_found:
      return "Check the number, and whether this user may see the order, then run the same command again.";
    case errc::not_a_file:
      return "Nothing: there is no file behind this attachment.";
    case errc::disk:
    case errc::ledger:
      return "See that the disk or share is there and sound, then run the same command again.";
    case errc::disk_full:
      return "Make room on the disk, then run the same command again.";
    case errc::permission:
      return "Let the user who runs pofetch write to the folder, then run the same command again.";
    case errc::exists:
      return "Move the file that has the name away, then run the same command again.";
    case errc::locked:
      return "Wait for the other run, or stop it.";
    case errc::input:
      return "Mend the row of the list that the message names, then run the same command again.";
    case errc::config:
      return "Mend the option or setting that the message names.";
    case errc::unsupported:
      return "See the message: this version cannot do it.";
    case errc::cancelled:
      return "Run the same command again to go on.";
    case errc::internal:
      return "Please report it, with the log.";
  }
  return {};
}

}  // namespace pofetch::lists
