#pragma once

#include "coupa-sim/change_book.hpp"
#include "coupa-sim/content.hpp"
#include "coupa-sim/names.hpp"
#include "coupa-sim/options.hpp"

#include <cstdint>
#include <ctime>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coupa_sim {

/// What a PO number leads to.
enum class order_kind {
  normal,
  empty,      ///< read, but without attachments
  prefixed,   ///< exists as /order_headers/PO<n> only
  missing,    ///< the site says there is none
  forbidden,  ///< the site says that this user may not see it
};

/// The markup that lists a file, in the order in which they rotate.
enum class shape {
  nested_span,
  blob_ancestor,
  link_title,
  link_download,
  data_url_text,
  onclick,
  glued,
  note
};
inline constexpr unsigned shape_count = 8;

/// One file of one PO.
struct file_facts {
  std::uint64_t po = 0;
  unsigned ordinal = 0;     ///< position among the files of the PO, requisitions' last
  unsigned owner = 0;       ///< 0: listed on the PO page, k: on that of its k-th requisition
  std::uint64_t id = 0;     ///< as in URLs
  std::string name;         ///< what a downloader should call it (before making equal names differ)
  std::string listed_name;  ///< what the page calls it
  disposition_style disposition = disposition_style::none;
  file_kind kind = file_kind::pdf;
  std::string_view media_type;
  std::uint64_t size = 0;
  shape markup = shape::nested_span;
  std::string target;       ///< path and query to fetch it from
  bool missing = false;     ///< its download is a 404
  bool redirected = false;  ///< its download redirects to the storage host
  bool chunked = false;     ///< sent without Content-Length
  bool has_etag = false;
  unsigned version = 1;      ///< counts up when it is replaced
  std::time_t modified = 0;  ///< when it came, or was replaced
};

struct requisition_facts {
  std::uint64_t number = 0;
  unsigned index = 0;   ///< from 1
  bool broken = false;  ///< its page cannot be read
  page_changes page{};
};

/// One PO.
struct order_facts {
  std::uint64_t number = 0;
  order_kind kind = order_kind::missing;
  std::string listed;  ///< as orders.csv writes it: `PO12`, `12`, ...
  std::string supplier;
  std::vector<requisition_facts> requisitions;
  std::vector<file_facts> files;  ///< all, in listing order
  std::time_t created = 0;
  std::time_t updated = 0;  ///< as the API says it: any change of its files counts
  page_changes page{};
};

/// A file to attach. What is left empty is drawn as for all others.
struct new_file {
  std::string name{};
  std::optional<std::uint64_t> size{};
  unsigned owner = 0;  ///< 0: the PO, k: its k-th requisition
};

/// The whole site as data, computed on demand from the options: nothing is kept per PO but what was changed
/// while the site is up. Any thread.
class dataset {
 public:
  explicit dataset(const options& wanted) : options_(wanted) {}

  [[nodiscard]] std::uint64_t first() const noexcept { return options_.first_po; }
  [[nodiscard]] std::uint64_t count() const noexcept { return options_.pos; }

  /// A number outside of the site is a `missing` order.
  [[nodiscard]] order_facts order(std::uint64_t number) const;

  /// The file with this id, if there is one.
  [[nodiscard]] std::optional<file_facts> file(std::uint64_t id) const;

  /// The requisition with this number, if there is one, and its PO.
  struct requisition_page {
    order_facts order;
    requisition_facts requisition;
  };
  [[nodiscard]] std::optional<requisition_page> requisition(std::uint64_t number) const;

  [[nodiscard]] content content_of(const file_facts& file) const;

  /// POs are made one after the other, an hour apart or less, and last changed a day after: all of it is
  /// past.
  [[nodiscard]] std::time_t created(std::uint64_t number) const;
  [[nodiscard]] std::time_t updated(std::uint64_t number) const;

  [[nodiscard]] static std::uint64_t file_id(std::uint64_t po, std::uint64_t ordinal);

  /// Changes while the site is up; pages, API and files show them at once. Each gives the file as it is now.
  /// Throws std::out_of_range if there is no such PO, requisition or file, std::invalid_argument for what
  /// makes no sense.
  file_facts attach(std::uint64_t po, const new_file& wanted);
  /// Other bytes under the same address; of the same size unless another is given.
  file_facts replace(std::uint64_t id, std::optional<std::uint64_t> size);
  /// Not listed any more, and its address is a 404. Gives it as it was.
  file_facts detach(std::uint64_t id);

  /// Lower-case hexadecimal; throws std::out_of_range if the PO has no such file.
  [[nodiscard]] std::string expected_content_sha256(std::uint64_t po, unsigned ordinal) const;

 private:
  /// How a PO is made up: files[0] of its own, files[k] of its k-th requisition.
  struct layout {
    order_kind kind = order_kind::missing;
    std::vector<requisition_facts> requisitions;
    std::vector<unsigned> files;
  };
  [[nodiscard]] order_kind kind_of(std::uint64_t number) const;
  [[nodiscard]] layout layout_of(std::uint64_t number) const;
  [[nodiscard]] file_facts make_file(std::uint64_t po, unsigned ordinal, unsigned owner) const;
  [[nodiscard]] file_facts make_attached(std::uint64_t po, const attached_file& wanted) const;
  void apply(order_facts& order, const order_changes& changes) const;
  /// The file as `order` lists it; throws std::out_of_range.
  [[nodiscard]] file_facts listed(std::uint64_t id) const;

  options options_;
  change_book changes_;
};

/// A file that a whole run must bring, under the name that it must have in the PO's folder.
struct expected_file {
  std::string name;
  std::uint64_t size = 0;
  file_facts facts;
};

/// What a run must bring for this PO: everything that can be got, equal names (compared without case)
/// numbered `a.pdf`, `a (2).pdf` in listing order.
[[nodiscard]] std::vector<expected_file> expected_files(const order_facts& order);

/// COMPLETED, NO_ATTACHMENTS, NOT_FOUND, PARTIAL or FAILED.
[[nodiscard]] std::string_view expected_status(const order_facts& order);

/// The list of POs with a header line, as a user would feed it in.
void write_orders_csv(const dataset& site, std::ostream& out);

/// `po,status,ordinal,name,bytes,sha256`, a line per expected file; POs without any have one line.
void write_expected_csv(const dataset& site, std::ostream& out);

}  // namespace coupa_sim
