#include "coupa-sim/api_data.hpp"

#include "coupa-sim/times.hpp"

#include <fmt/format.h>

namespace coupa_sim {

namespace json = boost::json;

namespace {

/// Whole, relative, without a scheme, or not there: all of them occur.
std::string file_url(const file_facts& file, const api_place& where) {
  const std::string path = fmt::format("/api/attachments/{}/file", file.id);
  switch (file.id % 5) {
    case 0:
      return {};
    case 1:
      return path;
    case 2:
      return fmt::format("//{}{}", where.authority, path);
    case 3:
      return fmt::format("{}{}", where.authority, path);
    default:
      return fmt::format("{}://{}{}", where.scheme, where.authority, path);
  }
}

}  // namespace

std::uint64_t api_id_of(const dataset& site, std::uint64_t number) {
  return site.first() + site.count() - 1 - (number - site.first());
}

std::uint64_t api_number_of(const dataset& site, std::uint64_t id) {
  const bool there = id >= site.first() && id - site.first() < site.count();
  return there ? site.first() + site.count() - 1 - (id - site.first()) : 0;
}

std::string api_po_number(const order_facts& order) {
  return (order.kind == order_kind::prefixed ? "PO" : "") + std::to_string(order.number);
}

std::optional<api_note> note_of(const order_facts& order) {
  if (order.files.empty() || order.number % 4 > 1) return std::nullopt;
  return api_note{first_note_id + order.number, order.number % 4 == 1};
}

bool on_a_line(const file_facts& file) { return file.owner == 0 && file.ordinal % 3 == 2; }

json::object api_attachment(const file_facts& file, const api_place& where) {
  json::object out;
  out["id"] = file.id;
  out["type"] = "file";
  out["intent"] = file.id % 2 == 0 ? "Internal" : "Supplier";
  out["file-file-size"] = std::to_string(file.size);
  if (file.id % 3 == 0) {
    out["file"] = "/uploads/attachments/" + file.listed_name;
  } else {
    out["file-file-name"] = file.listed_name;
    out["file-content-type"] = std::string(file.media_type);
  }
  if (const std::string url = file_url(file, where); !url.empty()) out["file-url"] = url;
  out["updated-at"] = rfc3339(file.modified);
  return out;
}

json::object api_attachment(const api_note& note) {
  json::object out;
  out["id"] = note.id;
  out["type"] = note.link ? "url" : "text";
  out["intent"] = "Internal";
  if (note.link)
    out["url"] = "https://drawings.example.com/plan?token=not-for-reports";
  else
    out["text"] = "Please ring the bell at gate 4.";
  return out;
}

json::array order_attachments(const order_facts& order, const api_place& where) {
  json::array out;
  for (const file_facts& file : order.files)
    if (file.owner == 0 && !on_a_line(file)) out.push_back(api_attachment(file, where));
  if (const auto note = note_of(order)) out.push_back(api_attachment(*note));
  return out;
}

json::array requisition_attachments(const order_facts& order, const requisition_facts& requisition,
                                    const api_place& where) {
  json::array out;
  const bool repeats = requisition.number % 3 == 0 && !order.files.empty() && order.files.front().owner == 0;
  if (repeats) out.push_back(api_attachment(order.files.front(), where));
  for (const file_facts& file : order.files)
    if (file.owner == requisition.index) out.push_back(api_attachment(file, where));
  return out;
}

json::object api_order(const dataset& site, const order_facts& order, const api_place& where) {
  json::object out;
  out["id"] = api_id_of(site, order.number);
  out["po-number"] = api_po_number(order);
  out["status"] = order.number % 5 == 0 ? "closed" : "issued";
  out["created-at"] = rfc3339(order.created);
  out["updated-at"] = rfc3339(order.updated);
  out["exported"] = false;
  out["supplier"] = json::object{{"id", 17}, {"name", order.supplier}};
  json::array lines;
  json::object line{{"id", order.number * 10}, {"line-num", 1}, {"description", "Goods as offered"}};
  json::array attached;
  for (const file_facts& file : order.files)
    if (on_a_line(file)) attached.push_back(api_attachment(file, where));
  line["attachments"] = std::move(attached);
  if (order.requisitions.size() > 1)
    line["requisition-header"] = json::object{{"id", order.requisitions.back().number}};
  lines.push_back(std::move(line));
  out["order-lines"] = std::move(lines);
  if (!order.requisitions.empty())
    out["requisition-header"] = json::object{{"id", order.requisitions.front().number}};
  return out;
}

}  // namespace coupa_sim
