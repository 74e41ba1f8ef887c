#include "lists/csv/csv_reader.hpp"

#include "core/ascii.hpp"
#include "lists/record_look.hpp"

#include <csv.h>

#include <algorithm>
#include <deque>
#include <new>
#include <string_view>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t feed_size = 16U << 10;
constexpr std::size_t buffer_step = 4U << 10;

int never_space(unsigned char) { return 0; }

/// Line breaks within a cell: LF, CR LF or CR, each one.
std::int64_t line_breaks(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !pair)) ++count;
  }
  return count;
}

/// Titles of every page stand outside of the frame. What has a long number may be more than that.
bool has_long_number(std::string_view text) {
  constexpr std::size_t digits_of_a_po = 5;
  std::size_t digits = 0;
  for (const char c : text) {
    digits = core::is_digit(c) ? digits + 1 : 0;
    if (digits == digits_of_a_po) return true;
  }
  return false;
}

void take_off_frame(std::vector<std::string>& cells) {
  if (cells.size() < 2 || !is_blank_cell(cells.front())) return;
  cells.erase(cells.begin());
  if (cells.size() > 1 && is_blank_cell(cells.back())) cells.pop_back();
}

}  // namespace

struct csv_reader::state {
  state(std::unique_ptr<text_source> source, const csv_dialect& how, std::string input_name)
      : text(std::move(source)), name(std::move(input_name)), dialect(how), skip_first(how.has_sep_line) {
    // Strict, so that every odd quote is seen; all line ends are reported, so that lines can be counted.
    if (csv_init(&parser, CSV_STRICT | CSV_REPALL_NL) != 0) throw std::bad_alloc();
    csv_set_delim(&parser, static_cast<unsigned char>(dialect.delimiter));
    csv_set_blk_size(&parser, buffer_step);
    if (!dialect.trims) csv_set_space_func(&parser, &never_space);
  }
  ~state() { csv_free(&parser); }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  static void on_cell(void* data, std::size_t size, void* self) {
    static_cast<state*>(self)->take_cell({static_cast<const char*>(data), data == nullptr ? 0 : size});
  }
  static void on_line_end(int c, void* self) { static_cast<state*>(self)->take_line_end(c); }

  void take_cell(std::string_view cell);
  void take_line_end(int c);
  void feed(std::string_view bytes);
  std::string_view feed_tail(std::string_view rest);
  void finish();
  void fail(std::string what) {
    if (!fault) fault = make_failure(errc::input, "Cannot read " + name + " on: " + std::move(what));
  }
  [[nodiscard]] std::string line_text() const {
    return std::to_string(current.cells.empty() ? line : current.line);
  }

  std::unique_ptr<text_source> text;
  std::string name;
  csv_dialect dialect;
  csv_parser parser{};
  std::deque<record> ready;
  record current;
  std::size_t current_size = 0;
  std::int64_t line = 1;
  bool skip_first;
  bool after_cr = false;  ///< the last thing reported was the end of a line by CR
  bool line_end_seen = false;
  bool in_tail = false;  ///< behind the closing quote of a cell that goes on
  bool at_end = false;
  bool no_memory = false;
  std::string piece;
  std::string_view rest;  ///< of `piece`, not parsed yet
  std::optional<failure> fault;
};

/// Called by the C library, so nothing may be thrown from here.
void csv_reader::state::take_cell(std::string_view cell) {
  if (fault) return;
  try {
    if (current.cells.empty()) current.line = line;
    after_cr = false;
    line += line_breaks(cell);
    current_size += cell.size();
    if (cell.size() > max_cell_size) {
      fail("a cell of the record on line " + line_text() + " is longer than 1 MiB.");
    } else if (current_size > max_record_size) {
      fail("the record on line " + line_text() + " is longer than 8 MiB.");
    } else if (current.cells.size() >= max_columns) {
      fail("the record on line " + line_text() + " has more than 4096 cells.");
    } else {
      current.cells.emplace_back(cell);
    }
  } catch (const std::bad_alloc&) {
    no_memory = true;
  }
}

void csv_reader::state::take_line_end(int c) {
  if (fault) return;
  line_end_seen = true;
  try {
    if (!current.cells.empty() && !std::exchange(skip_first, false)) ready.push_back(std::move(current));
    current = {};
    current_size = 0;
  } catch (const std::bad_alloc&) {
    no_memory = true;
  }
  if (c != '\n' || !after_cr) ++line;
  after_cr = c == '\r';
}

/// Behind a closing quote comes more text (`"5" pipe`): all up to the next delimiter belongs to the
/// cell. The parser waits for a quote that really closes, so it is given one there.
std::string_view csv_reader::state::feed_tail(std::string_view bytes) {
  std::size_t at = 0;
  std::string literal;
  for (; at < bytes.size(); ++at) {
    const char c = bytes[at];
    if (c == dialect.delimiter || c == '\n' || c == '\r') break;
    literal.append(c == '"' ? 2U : 1U, c);
  }
  in_tail = at == bytes.size();
  if (!in_tail) literal.push_back('"');
  csv_set_opts(&parser, CSV_REPALL_NL);
  csv_parse(&parser, literal.data(), literal.size(), &on_cell, &on_line_end, this);
  csv_set_opts(&parser, CSV_STRICT | CSV_REPALL_NL);
  return bytes.substr(at);
}

void csv_reader::state::feed(std::string_view bytes) {
  while (!bytes.empty() && !fault) {
    if (in_tail) {
      bytes = feed_tail(bytes);
      continue;
    }
    const std::size_t done = csv_parse(&parser, bytes.data(), bytes.size(), &on_cell, &on_line_end, this);
    bytes.remove_prefix(done);
    if (bytes.empty()) break;
    if (csv_error(&parser) != CSV_EPARSE) return fail("there is not enough memory for it.");
    if (parser.quoted != 0) {
      in_tail = true;
      continue;
    }
    // A quote within a bare cell: text.
    csv_set_opts(&parser, CSV_REPALL_NL);
    csv_parse(&parser, bytes.data(), 1, &on_cell, &on_line_end, this);
    csv_set_opts(&parser, CSV_STRICT | CSV_REPALL_NL);
    bytes.remove_prefix(1);
  }
  if (csv_get_buffer_size(&parser) > max_cell_size + feed_size + buffer_step) {
    fail("a cell of the record on line " + line_text() +
         " is longer than 1 MiB; probably a quote opens there and is never closed.");
  }
}

/// The last record may lack its line end. If the parser takes one for part of a cell, a quote is open.
void csv_reader::state::finish() {
  at_end = true;
  line_end_seen = false;
  feed("\n");
  if (!line_end_seen) {
    fail("a quote that opens in the record on line " + line_text() +
         " is never closed; close it, or remove it.");
  }
}

csv_reader::csv_reader(std::unique_ptr<text_source> text, const csv_dialect& dialect, std::string name)
    : state_(std::make_unique<state>(std::move(text), dialect, std::move(name))) {}

csv_reader::~csv_reader() = default;

result<std::optional<record>> csv_reader::next() {
  while (true) {
    auto next = next_record();
    if (!next || !*next || !state_->dialect.is_framed) return next;
    record& found = **next;
    const bool is_outside = found.cells.size() == 1;
    if (is_outside && !has_long_number(found.cells.front())) continue;
    if (is_outside)
      found.problem = "Line " + std::to_string(found.line) + " stands outside of the frame of the table.";
    take_off_frame(found.cells);
    return next;
  }
}

result<std::optional<record>> csv_reader::next_record() {
  state& s = *state_;
  while (s.ready.empty()) {
    if (s.no_memory) s.fail("there is not enough memory for it.");
    if (s.fault) return *s.fault;
    if (s.at_end) return std::optional<record>();
    if (s.rest.empty()) {
      auto more = s.text->read(s.piece);
      if (!more) return more.error();
      s.rest = s.piece;
      if (!*more) {
        s.finish();
        continue;
      }
    }
    const std::string_view now = s.rest.substr(0, feed_size);
    s.rest.remove_prefix(now.size());
    s.feed(now);
  }
  std::optional<record> next = std::move(s.ready.front());
  s.ready.pop_front();
  return next;
}

}  // namespace pofetch::lists
