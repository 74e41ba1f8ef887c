#include "core/timestamp.hpp"
#include "core/version_key.hpp"
#include "lists/report/order_columns.hpp"
#include "lists/report/report_sink.hpp"
#include "lists/report/report_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace pofetch::lists {
namespace {

/// Appends the members of one JSON object, in the order of the calls.
class object_writer {
 public:
  explicit object_writer(std::string& out) : out_(out) { out_.push_back('{'); }

  void text(std::string_view key, std::string_view value) { append_json_string(begin(key), value); }
  void text_or_null(std::string_view key, std::string_view value) {
    if (value.empty()) {
      begin(key) += "null";
    } else {
      text(key, value);
    }
  }
  void number(std::string_view key, std::uint64_t value) {
    fmt::format_to(std::back_inserter(begin(key)), "{}", value);
  }
  void seconds(std::string_view key, double value) {
    fmt::format_to(std::back_inserter(begin(key)), "{:.3f}", std::isfinite(value) ? value : 0.0);
  }
  void boolean(std::string_view key, bool value) { begin(key) += value ? "true" : "false"; }
  void error(std::string_view key, const std::optional<failure>& why) {
    begin(key);
    if (!why) {
      out_ += "null";
      return;
    }
    object_writer object(out_);
    object.text("code", code_word(*why));
    object.text("message", why->message);
    object.end();
  }

  /// Writes a key; what is appended to the result is its value.
  std::string& begin(std::string_view key) {
    if (!first_) out_.push_back(',');
    first_ = false;
    out_.push_back('"');
    out_ += key;
    out_ += "\":";
    return out_;
  }
  void end() { out_.push_back('}'); }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_attachment(std::string& out, const std::string& folder, const attachment_record& one) {
  const bool on_disk = one.status == attachment_status::completed && !one.name.empty();
  object_writer object(out);
  object.text("name", one.name);
  object.text_or_null("path",
                      on_disk ? (folder.empty() ? one.name : folder + "/" + one.name) : std::string());
  object.text("url", one.url);
  object.text("status", status_word(one));
  object.number("bytes", one.bytes);
  object.text_or_null("sha256", one.sha256);
  object.text_or_null("media_type", one.media_type);
  object.number("attempts", one.attempts < 0 ? 0 : static_cast<std::uint64_t>(one.attempts));
  object.error("error", one.error);
  object.number("version", core::split_version(one.key).number);
  object.end();
}

void append_po(std::string& out, const report_row& row) {
  const po_outcome& po = row.outcome;
  object_writer object(out);
  object.text("po_number", po.po.number);
  object.text("status", to_string(po.status));
  object.text("supplier", supplier_of(po));
  object.text_or_null("folder", folder_of(row));
  object.text("url", po.url);
  object.number("attachments_found", row.attachments_found);
  object.number("attachments_downloaded", row.attachments_downloaded);
  object.text_or_null("last_checked", core::rfc3339(last_checked(po)));
  object.error("error", po.error);
  object.begin("attachments").push_back('[');
  for (std::size_t i = 0; i < po.attachments.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_attachment(out, po.po.folder, po.attachments[i]);
  }
  out.push_back(']');
  object.end();
}

void append_batch(std::string& out, const run_record& run) {
  object_writer object(out);
  object.text("input", run.info.input);
  object.text("source", run.info.source);
  object.text("base_url", run.info.base_url);
  object.text_or_null("started_at", core::rfc3339(run.info.started_at));
  object.text_or_null("finished_at", run.finished_at ? core::rfc3339(*run.finished_at) : std::string());
  object.boolean("interrupted", run.interrupted);
  object.end();
}

void append_totals(std::string& out, const run_record& run, const batch_totals& totals) {
  object_writer object(out);
  object.number("purchase_orders", totals.purchase_orders);
  object_writer by_status(object.begin("by_status"));
  for (std::size_t i = 0; i < totals.by_status.size(); ++i)
    by_status.number(to_string(static_cast<po_status>(i)), totals.by_status[i]);
  by_status.end();
  object.number("attachments_found", totals.attachments_found);
  object.number("attachments_downloaded", totals.attachments_downloaded);
  object.number("bytes", totals.bytes);
  object.number("requests", run.requests);
  object.number("retries", run.retries);
  object.seconds("elapsed_seconds", run.elapsed_seconds);
  object.end();
}

/// The whole report is one object, a PO a line, so that line tools can look at it too.
class json_report final : public report_sink {
 public:
  void begin(const run_record& run, const batch_totals& totals, std::string& out) override {
    out += "{\"schema\":\"pofetch.report/1\",\n\"batch\":";
    append_batch(out, run);
    out += ",\n\"totals\":";
    append_totals(out, run, totals);
    out += ",\n\"purchase_orders\":[";
  }
  void row(const report_row& po, std::string& out) override {
    out += first_ ? "\n" : ",\n";
    first_ = false;
    append_po(out, po);
  }
  void end(std::string& out) override { out += "\n]}\n"; }

 private:
  bool first_ = true;
};

class jsonl_report final : public report_sink {
 public:
  void begin(const run_record& /*run*/, const batch_totals& /*totals*/, std::string& /*out*/) override {}
  void row(const report_row& po, std::string& out) override {
    append_po(out, po);
    out.push_back('\n');
  }
  void end(std::string& /*out*/) override {}
};

}  // namespace

std::unique_ptr<report_sink> make_json_report() { return std::make_unique<json_report>(); }

std::unique_ptr<report_sink> make_jsonl_report() { return std::make_unique<jsonl_report>(); }

}  // namespace pofetch::lists
