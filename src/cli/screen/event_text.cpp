#include "cli/screen/event_text.hpp"

#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "core/po_rules.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace pofetch::cli {

namespace {

/// Longer than large files usually take; a person begins to wonder whether it hangs.
constexpr std::chrono::seconds worth_a_word{45};

/// The message, with what it is about in front where it does not say so itself.
std::string about(const std::string& subject, const failure& why) {
  const bool said = why.message.find(subject) != std::string::npos;
  return printable_masked(said ? fmt::format("{} [{}]", why.message, code_word(why))
                               : fmt::format("{}: {} [{}]", subject, why.message, code_word(why)));
}

}  // namespace

std::vector<failure_line> failure_lines(const po_outcome& outcome) {
  std::vector<failure_line> lines;
  if (!core::is_bad(outcome.status)) return lines;
  for (const attachment_record& each : outcome.attachments) {
    if (each.status != attachment_status::failed || !each.error) continue;
    const std::string name = each.name.empty() ? each.url : each.name;
    const bool has_po = each.error->message.starts_with(fmt::format("PO {}, ", outcome.po.number));
    const std::string text = about(has_po ? "PO " + outcome.po.number : name, *each.error);
    lines.push_back({code_word(*each.error),
                     has_po ? text : fmt::format("PO {}, {}", printable(outcome.po.number), text)});
  }
  if (lines.empty() && outcome.error) {
    lines.push_back({code_word(*outcome.error), about("PO " + outcome.po.number, *outcome.error)});
  }
  return lines;
}

std::vector<std::string> status_pieces(const progress_snapshot& now) {
  std::vector<std::string> pieces;
  if (now.waiting) pieces.emplace_back("waiting for a new session");
  if (!now.at_rest.empty()) pieces.push_back(now.at_rest);
  const std::uint64_t percent = now.pos_total == 0 ? 100 : now.pos_done * 100 / now.pos_total;
  pieces.push_back(
      fmt::format("{} of {} POs ({} %)", human_count(now.pos_done), human_count(now.pos_total), percent));
  if (now.idle >= worth_a_word)
    pieces.push_back(fmt::format("nothing finished for {}", human_duration(now.idle)));
  pieces.push_back(fmt::format("{}/s", human_bytes(static_cast<std::uint64_t>(now.bytes_per_second))));
  if (now.pos_done < now.pos_total || now.pos_total == 0)
    pieces.push_back(now.left ? fmt::format("{} left", human_duration(*now.left)) : "time left: calculating");
  pieces.push_back(fmt::format("{}, {}", human_count(now.files_done, "file"), human_bytes(now.bytes)));
  pieces.push_back(fmt::format("{} POs/min", human_count(static_cast<std::uint64_t>(now.pos_per_minute))));
  if (now.files_failed > 0) pieces.push_back(fmt::format("{} failed", human_count(now.files_failed, "file")));
  if (now.retries > 0) pieces.push_back(fmt::format("{} retried", human_count(now.retries)));
  if (!now.spared.empty()) pieces.push_back(now.spared);
  if (now.memory == 0) return pieces;
  pieces.push_back(fmt::format("CPU {:.0f} %", now.processor_percent));
  pieces.push_back(fmt::format("memory {}", human_bytes(now.memory)));
  return pieces;
}

std::string notice_line(notice_level level, std::string_view text) {
  const std::string_view lead = level == notice_level::error     ? "Error: "
                                : level == notice_level::warning ? "Warning: "
                                                                 : "";
  return fmt::format("{}{}", lead, printable_masked(text));
}

std::string sign_in_needed_line(std::string_view advice) {
  return fmt::format("Waiting: {}", printable_masked(advice));
}

std::string signed_in_line(std::chrono::milliseconds waited) {
  return fmt::format("Signed in again after {}; going on.", human_duration(waited));
}

std::string throttling_text(const event::throttled& now) {
  const std::string host = printable(now.host);
  if (now.over()) return fmt::format("{} is no longer throttled", host);
  std::string text = fmt::format("throttling {}: {} of {} at once", host, now.in_flight, now.most);
  if (now.per_second > 0) text += fmt::format(", {:.1f} requests/s", now.per_second);
  constexpr std::chrono::milliseconds worth_telling{100};  // less would be shown as 0.0 s
  if (now.pause >= worth_telling) text += fmt::format(", pause {}", human_duration(now.pause));
  return text;
}

std::string failure_filter::pass(const failure_line& line) {
  const std::lock_guard lock(guard_);
  unsigned& seen = seen_[line.code];
  if (seen > most_of_a_code) return {};
  if (++seen <= most_of_a_code) return line.text;
  return fmt::format("Further failures with {} are only counted here; the report has them all.", line.code);
}

std::vector<std::string> event_lines::of(const progress_event& event) {
  using lines = std::vector<std::string>;
  return std::visit(
      overloaded{
          [this](const event::po_finished& one) { return of_failures(*one.outcome); },
          [this](const event::notice& one) {
            return one.level >= least_ ? lines{notice_line(one.level, one.text)} : lines{};
          },
          [](const event::sign_in_needed& one) { return lines{sign_in_needed_line(one.advice)}; },
          [](const event::signed_in& one) { return lines{signed_in_line(one.waited)}; },
          [](const auto&) { return lines{}; },
      },
      event);
}

std::vector<std::string> event_lines::of_failures(const po_outcome& outcome) {
  std::vector<std::string> lines;
  if (!failures_) return lines;
  for (const failure_line& line : failure_lines(outcome)) {
    if (std::string text = filter_.pass(line); !text.empty()) lines.push_back(std::move(text));
  }
  return lines;
}

}  // namespace pofetch::cli
