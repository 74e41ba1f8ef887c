// Fetches the attachments of a list of purchase orders with the library alone.
#include <pofetch/batch.hpp>

#include <cstdio>
#include <string>
#include <variant>

namespace {

/// Prints every purchase order when it is done. Called from several threads: one printf is one line.
class finished_printer final : public pofetch::progress {
 public:
  void on(const pofetch::progress_event& event) override {
    const auto* finished = std::get_if<pofetch::event::po_finished>(&event);
    if (finished == nullptr) return;
    const pofetch::po_outcome& done = *finished->outcome;
    const std::string status(to_string(done.status));
    std::printf("PO %s: %s, %zu attachments\n", done.po.number.c_str(), status.c_str(),
                done.attachments.size());
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s LIST DIR BASE_URL COOKIES [CA_FILE]\n", argv[0]);
    return static_cast<int>(pofetch::exit_state::usage);
  }
  pofetch::batch_options options;
  options.input = argv[1];
  options.out = argv[2];
  options.base_url = argv[3];
  options.cookie_file = argv[4];
  if (argc > 5) options.pool.ca_file = argv[5];
  options.pool.max_concurrent = 4;  // downloads at the same time within one PO

  finished_printer events;
  pofetch::batch job(options, events);
  const pofetch::batch_result done = job.run();
  if (done.error) std::fprintf(stderr, "%s\n", done.error->message.c_str());
  return static_cast<int>(done.state);
}
