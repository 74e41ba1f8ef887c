#include "engine/batch_run.hpp"

#include <pofetch/batch.hpp>

#include <utility>

namespace pofetch {

struct batch::state {
  engine::batch_run run;
};

batch::batch(batch_options options, progress& events)
    : state_(new state{engine::batch_run(options, events)}) {}

batch::~batch() = default;

batch_result batch::run() { return state_->run.fetch(); }

batch_result batch::plan(const std::function<result<void>(const report_row&)>& visit) {
  return state_->run.plan(visit);
}

void batch::request_stop(stop_reason reason) { state_->run.request_stop(reason); }

}  // namespace pofetch
