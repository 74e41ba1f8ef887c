#include <pofetch/batch.hpp>
#include <pofetch/version.hpp>

#include <cstdio>

/// Runs a batch on a list that is not there: everything from the list to the ledger is linked, and the
/// answer is known.
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::printf("pofetch %s\n", pofetch::version);
  pofetch::batch_options options;
  options.input = argv[1];
  options.out = "out";
  options.source = pofetch::source_kind::manifest;
  pofetch::progress silent;
  pofetch::batch job(options, silent);
  const pofetch::batch_result done = job.run();
  if (!done.error) return 1;
  std::printf("%s: %s\n", pofetch::code_word(*done.error).c_str(), done.error->message.c_str());
  return done.state == pofetch::exit_state::usage && done.error->code == pofetch::errc::input ? 0 : 1;
}
