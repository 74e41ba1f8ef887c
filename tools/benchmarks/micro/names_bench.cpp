// Names and addresses: what is done for every attachment.
#include "core/file_name.hpp"
#include "core/name_allocator.hpp"
#include "core/url.hpp"

#include <benchmark/benchmark.h>
#include <string>

namespace {

using namespace pofetch;

void safe_name_ascii(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(core::safe_file_name("Quote 2024-07 (final).pdf", "file"));
  state.SetItemsProcessed(state.iterations());
}

void safe_name_hostile(benchmark::State& state) {
  const std::string name = "..\\CON\u202e\u00e9\u0301: " + std::string(300, 'x') + ".tar.gz";
  for (auto _ : state) benchmark::DoNotOptimize(core::safe_file_name(name, "file"));
  state.SetItemsProcessed(state.iterations());
}

/// A folder in which everything has one name.
void unique_names(benchmark::State& state) {
  for (auto _ : state) {
    core::name_allocator names;
    for (std::int64_t i = 0; i < state.range(0); ++i) benchmark::DoNotOptimize(names.allocate("Scan.pdf"));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void resolve_address(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(core::resolve("https://acme.coupahost.com/order_headers/7000001",
                                           "/attachment/attachment_file/type/900100/quote-1.pdf"));
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(safe_name_ascii);
BENCHMARK(safe_name_hostile);
BENCHMARK(unique_names)->Arg(10)->Arg(1'000);
BENCHMARK(resolve_address);
