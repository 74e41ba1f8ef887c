#include <pofetch/batch.hpp>
#include <pofetch/version.hpp>

#include <cstdio>

/// A batch whose list is not there: everything is linked, and the answer is known.
int main() {
  std::printf("pofetch %s\n", pofetch::version);
  pofetch::batch_options options;
  options.input = "not-there.csv";
  options.out = "out";
  options.source = pofetch::source_kind::manifest;
  pofetch::progress silent;
  pofetch::batch job(options, silent);
  return job.run().state == pofetch::exit_state::usage ? 0 : 1;
}
