#include "coupa-sim/dataset.hpp"

#include "coupa-sim/dice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <set>
#include <stdexcept>

namespace coupa_sim {
namespace {

constexpr std::uint64_t files_per_po = 1000;
constexpr std::uint64_t requisitions_per_po = 10;
constexpr std::time_t first_day = 1'704'067'200;  // 2024-01-01T00:00:00Z
constexpr std::time_t hour = 3600;
constexpr std::time_t all_of_it = 10'000 * hour;

/// Questions put to `draw`: each property varies on its own.
enum question : std::uint64_t {
  q_kind = 1,
  q_count,
  q_requisitions,
  q_supplier,
  q_listed,
  q_twin,
  q_file,
  q_noise
};

std::string target_of(const file_facts& file) {
  const std::string name = percent_encode(file.listed_name);
  switch (file.markup) {
    case shape::nested_span:
      return fmt::format("/attachment/attachment_file/type/{}/{}", file.id, name);
    case shape::blob_ancestor:
      return fmt::format("/api/blob/download?id={}&filename={}", file.id, name);
    case shape::link_download:
      return fmt::format("/files/{}/{}", file.id, name);
    case shape::data_url_text:
      return fmt::format("/download/file/{}", file.id);
    case shape::note:
      return fmt::format("/attachments/{}/download?filename={}", file.id, name);
    case shape::link_title:
    case shape::onclick:
    case shape::glued:
      break;
  }
  return fmt::format("/attachments/{}/download", file.id);
}

std::string listed_number(std::uint64_t number, order_kind kind, std::uint64_t roll) {
  constexpr std::array<std::string_view, 4> prefixes{"PO", "", "PM", "po"};
  return std::string(kind == order_kind::prefixed ? "PO" : prefixes.at(roll % prefixes.size())) +
         std::to_string(number);
}

/// A change of the PO's own files may show on its requisitions' pages too, since these repeat some of them.
void mark(order_changes& changes, unsigned owner) {
  changes.when = std::time(nullptr);
  for (unsigned page = 0; page < order_changes::most_pages; ++page) {
    if (owner != 0 && page != owner) continue;
    ++changes.pages.at(page).revision;
    changes.pages.at(page).when = changes.when;
  }
}

void csv_cell(std::ostream& out, std::string_view text) {
  out << '"';
  for (const char c : text) {
    if (c == '"') out << '"';
    out << c;
  }
  out << '"';
}

}  // namespace

order_kind dataset::kind_of(std::uint64_t number) const {
  if (number < options_.first_po || number - options_.first_po >= options_.pos) return order_kind::missing;
  const std::uint64_t roll = draw(options_.seed, number, q_kind);
  std::uint64_t left = roll % 100;
  if (left < options_.not_found_percent)
    return roll / 100 % 3 == 0 ? order_kind::forbidden : order_kind::missing;
  left -= options_.not_found_percent;
  if (left < options_.empty_percent) return order_kind::empty;
  left -= options_.empty_percent;
  return left < options_.prefixed_percent ? order_kind::prefixed : order_kind::normal;
}

file_facts dataset::make_file(std::uint64_t po, unsigned ordinal, unsigned owner) const {
  file_facts file;
  file.po = po;
  file.ordinal = ordinal;
  file.owner = owner;
  file.id = po * files_per_po + ordinal;
  // Ordinal 1 is sometimes called as ordinal 0 is, exactly or but for the case of its letters.
  const std::uint64_t twin = draw(options_.seed, po, q_twin) % 8;
  const unsigned model = ordinal == 1 && twin < 2 ? 0 : ordinal;
  dice looks(draw(options_.seed, po * files_per_po + model, q_file));
  file.kind = static_cast<file_kind>(looks.below(file_kind_count));
  file.name = file_stem(looks.next(), model) + '.' + std::string(extension(file.kind));
  if (model != ordinal && twin == 1) file.name = ascii_upper(file.name);

  dice rolls(draw(options_.seed, file.id, q_noise));
  file.size = options_.size.min + rolls.below(options_.size.max - options_.size.min + 1);
  file.disposition = static_cast<disposition_style>(rolls.below(5));
  file.markup = static_cast<shape>((po + ordinal) % shape_count);
  file.media_type = rolls.percent(16) ? "application/octet-stream" : media_type(file.kind);
  const bool renamed = rolls.percent(10) && file.disposition != disposition_style::none;
  file.listed_name = renamed ? fmt::format("attachment-{}.{}", ordinal + 1, extension(file.kind)) : file.name;
  file.chunked = rolls.percent(11);
  file.has_etag = rolls.percent(75);
  file.missing = rolls.percent(options_.missing_file_percent);
  file.redirected = rolls.percent(options_.redirect_percent);
  file.modified = created(po);
  file.target = target_of(file);
  return file;
}

file_facts dataset::make_attached(std::uint64_t po, const attached_file& wanted) const {
  file_facts file = make_file(po, wanted.ordinal, wanted.owner);
  if (!wanted.name.empty()) {
    const auto kind = kind_of_name(wanted.name);
    file.kind = kind.value_or(file_kind::txt);
    file.media_type = kind ? media_type(*kind) : "application/octet-stream";
    file.name = file.listed_name = wanted.name;
  }
  file.size = wanted.size;
  file.modified = wanted.when;
  file.target = target_of(file);
  return file;
}

std::time_t dataset::created(std::uint64_t number) const {
  if (number < options_.first_po || number - options_.first_po >= options_.pos) return first_day;
  const auto count = static_cast<std::time_t>(options_.pos);
  const std::time_t step = std::clamp<std::time_t>(all_of_it / count, 1, hour);
  return first_day + static_cast<std::time_t>(number - options_.first_po) * step;
}

std::time_t dataset::updated(std::uint64_t number) const {
  const auto changes = changes_.find(number);
  return changes ? changes->when : created(number) + 24 * hour;
}

dataset::layout dataset::layout_of(std::uint64_t number) const {
  layout plan;
  plan.kind = kind_of(number);
  if (plan.kind == order_kind::missing || plan.kind == order_kind::forbidden) return plan;
  const bool has_files = plan.kind != order_kind::empty;
  dice rolls(draw(options_.seed, number, q_requisitions));
  const bool linked = rolls.percent(options_.requisition_percent);
  const auto requisitions = linked ? static_cast<unsigned>(1 + rolls.below(2)) : 0U;
  const bool broken = linked && rolls.percent(options_.broken_requisition_percent);
  const bool own_files = !linked || broken || !rolls.percent(25);
  const std::uint64_t spread = options_.attachments.max - options_.attachments.min + 1;
  const std::uint64_t own = options_.attachments.min + draw(options_.seed, number, q_count) % spread;
  plan.files.push_back(has_files && own_files ? static_cast<unsigned>(own) : 0U);
  for (unsigned index = 1; index <= requisitions; ++index) {
    plan.requisitions.push_back(
        {number * requisitions_per_po + index, index, broken && index == requisitions});
    plan.files.push_back(has_files ? static_cast<unsigned>(1 + rolls.below(2)) : 0U);
  }
  return plan;
}

order_facts dataset::order(std::uint64_t number) const {
  layout plan = layout_of(number);
  order_facts order;
  order.number = number;
  order.kind = plan.kind;
  order.listed = listed_number(number, order.kind, draw(options_.seed, number, q_listed));
  order.supplier = supplier_name(draw(options_.seed, number, q_supplier));
  order.requisitions = std::move(plan.requisitions);
  unsigned ordinal = 0;
  for (unsigned owner = 0; owner < plan.files.size(); ++owner) {
    for (unsigned i = 0; i < plan.files[owner]; ++i) {
      order.files.push_back(make_file(number, ordinal++, owner));
    }
  }
  order.created = created(number);
  order.updated = order.created + 24 * hour;
  if (const auto changes = changes_.find(number)) apply(order, *changes);
  return order;
}

void dataset::apply(order_facts& order, const order_changes& changes) const {
  order.updated = changes.when;
  order.page = changes.pages.front();
  for (requisition_facts& one : order.requisitions) one.page = changes.pages.at(one.index);
  for (const attached_file& one : changes.attached) {
    const auto place = std::find_if(order.files.begin(), order.files.end(),
                                    [&](const file_facts& file) { return file.owner > one.owner; });
    order.files.insert(place, make_attached(order.number, one));
  }
  for (file_facts& file : order.files) {
    const auto found = changes.files.find(file.ordinal);
    if (found == changes.files.end() || found->second.version == 1) continue;
    file.version = found->second.version;
    file.size = found->second.size;
    file.modified = found->second.when;
  }
  std::erase_if(order.files, [&](const file_facts& file) {
    const auto found = changes.files.find(file.ordinal);
    return found != changes.files.end() && found->second.detached;
  });
}

std::uint64_t dataset::file_id(std::uint64_t po, std::uint64_t ordinal) {
  if (ordinal >= files_per_po) throw std::out_of_range("there is no such file");
  return po * files_per_po + ordinal;
}

file_facts dataset::listed(std::uint64_t id) const {
  const auto found = file(id);
  if (!found) throw std::out_of_range("there is no such file");
  return *found;
}

file_facts dataset::attach(std::uint64_t po, const new_file& wanted) {
  const layout plan = layout_of(po);
  if (plan.kind == order_kind::missing || plan.kind == order_kind::forbidden)
    throw std::out_of_range(fmt::format("there is no PO {}", po));
  if (wanted.owner > plan.requisitions.size())
    throw std::out_of_range(fmt::format("PO {} has {} requisitions", po, plan.requisitions.size()));
  if (wanted.size > largest_file) throw std::invalid_argument("a file has at most 4G here");
  if (std::any_of(wanted.name.begin(), wanted.name.end(), [](unsigned char c) { return c < 0x20; }))
    throw std::invalid_argument("a name has no control characters here");
  unsigned ordinal = 0;
  for (const unsigned count : plan.files) ordinal += count;
  changes_.change(po, [&](order_changes& changes) {
    ordinal += static_cast<unsigned>(changes.attached.size());
    if (ordinal >= files_per_po)
      throw std::invalid_argument("a PO has at most 1000 files here, gone ones too");
    const std::uint64_t size = wanted.size.value_or(make_file(po, ordinal, wanted.owner).size);
    mark(changes, wanted.owner);
    changes.attached.push_back({ordinal, wanted.owner, wanted.name, size, changes.when});
  });
  return listed(file_id(po, ordinal));
}

file_facts dataset::replace(std::uint64_t id, std::optional<std::uint64_t> size) {
  if (size > largest_file) throw std::invalid_argument("a file has at most 4G here");
  const file_facts before = listed(id);
  changes_.change(before.po, [&](order_changes& changes) {
    changed_file& file = changes.files[before.ordinal];
    if (file.detached) throw std::out_of_range("there is no such file");
    mark(changes, before.owner);
    file.size = size.value_or(file.version == 1 ? before.size : file.size);
    ++file.version;
    file.when = changes.when;
  });
  return listed(id);
}

file_facts dataset::detach(std::uint64_t id) {
  file_facts before = listed(id);
  changes_.change(before.po, [&](order_changes& changes) {
    changed_file& file = changes.files[before.ordinal];
    if (file.detached) throw std::out_of_range("there is no such file");
    mark(changes, before.owner);
    file.detached = true;
  });
  return before;
}

std::optional<file_facts> dataset::file(std::uint64_t id) const {
  if (changes_.find(id / files_per_po)) {
    for (file_facts& one : order(id / files_per_po).files)
      if (one.id == id) return std::move(one);
    return std::nullopt;
  }
  const layout plan = layout_of(id / files_per_po);
  const std::uint64_t ordinal = id % files_per_po;
  std::uint64_t end = 0;
  for (unsigned owner = 0; owner < plan.files.size(); ++owner) {
    end += plan.files[owner];
    if (ordinal < end) return make_file(id / files_per_po, static_cast<unsigned>(ordinal), owner);
  }
  return std::nullopt;
}

std::optional<dataset::requisition_page> dataset::requisition(std::uint64_t number) const {
  requisition_page found{order(number / requisitions_per_po), {}};
  for (const requisition_facts& one : found.order.requisitions) {
    if (one.number != number) continue;
    found.requisition = one;
    return found;
  }
  return std::nullopt;
}

content dataset::content_of(const file_facts& file) const {
  std::string label = fmt::format("seed {} PO {} attachment {}", options_.seed, file.po, file.ordinal);
  std::uint64_t key = draw(options_.seed, file.id, q_noise);
  if (file.version > 1) {
    label += fmt::format(" version {}", file.version);
    key = draw(key, file.version, q_noise);
  }
  return {file.kind, key, label, file.size};
}

std::string dataset::expected_content_sha256(std::uint64_t po, unsigned ordinal) const {
  return sha256_hex(content_of(listed(file_id(po, ordinal))));
}

std::vector<expected_file> expected_files(const order_facts& order) {
  std::vector<expected_file> files;
  std::set<std::string> taken;
  for (const file_facts& file : order.files) {
    if (file.missing) continue;
    if (file.owner != 0 && order.requisitions.at(file.owner - 1).broken) continue;
    std::string name = file.name;
    const auto dot = file.name.rfind('.');
    for (unsigned copy = 2; !taken.insert(ascii_upper(name)).second; ++copy) {
      name = fmt::format("{} ({}){}", file.name.substr(0, dot), copy, file.name.substr(dot));
    }
    files.push_back({name, file.size, file});
  }
  return files;
}

std::string_view expected_status(const order_facts& order) {
  if (order.kind == order_kind::missing || order.kind == order_kind::forbidden) return "NOT_FOUND";
  bool incomplete = false;
  for (const requisition_facts& one : order.requisitions) incomplete = incomplete || one.broken;
  for (const file_facts& file : order.files) incomplete = incomplete || file.missing;
  const bool any = !expected_files(order).empty();
  if (incomplete) return any ? "PARTIAL" : "FAILED";
  return any ? "COMPLETED" : "NO_ATTACHMENTS";
}

void write_orders_csv(const dataset& site, std::ostream& out) {
  out << "PO_NUMBER,SUPPLIER,COST_CENTER\n";
  for (std::uint64_t i = 0; i < site.count(); ++i) {
    const order_facts order = site.order(site.first() + i);
    out << order.listed << ',';
    csv_cell(out, order.supplier);
    out << ",CC-" << order.number % 7 << '\n';
  }
}

void write_expected_csv(const dataset& site, std::ostream& out) {
  out << "po,status,ordinal,name,bytes,sha256\n";
  for (std::uint64_t i = 0; i < site.count(); ++i) {
    const order_facts order = site.order(site.first() + i);
    const std::vector<expected_file> files = expected_files(order);
    if (files.empty()) out << order.number << ',' << expected_status(order) << ",,,,\n";
    for (const expected_file& file : files) {
      out << order.number << ',' << expected_status(order) << ',' << file.facts.ordinal << ',';
      csv_cell(out, file.name);
      out << ',' << file.size << ',' << sha256_hex(site.content_of(file.facts)) << '\n';
    }
  }
}

}  // namespace coupa_sim
