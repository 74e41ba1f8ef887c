#include "engine/batch/no_store.hpp"

#include "core/file_name.hpp"

namespace pofetch::engine {

namespace {

failure refuse() { return make_failure(errc::internal, "planning touches no files"); }

}  // namespace

result<std::unique_ptr<partial_file>> no_store::create() { return refuse(); }
std::size_t no_store::most_bodies() const { return 0; }
std::size_t no_store::longest_name() const { return core::max_name_bytes; }
result<std::vector<std::string>> no_store::list(std::string_view) { return refuse(); }
result<void> no_store::sync(std::span<partial_file* const>) { return refuse(); }
result<file_facts> no_store::place(partial_file&, std::string_view, std::string_view, placement) {
  return refuse();
}
result<file_facts> no_store::stat(std::string_view, std::string_view) { return refuse(); }
result<std::string> no_store::sha256(std::string_view, std::string_view, const std::function<bool()>&) {
  return refuse();
}
result<std::size_t> no_store::sweep() { return refuse(); }
std::optional<left_body> no_store::take_left(std::string_view) { return std::nullopt; }
result<std::size_t> no_store::drop_left() { return refuse(); }

}  // namespace pofetch::engine
