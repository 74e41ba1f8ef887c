#include "engine/doctor/examination.hpp"

#include <pofetch/doctor.hpp>

#include <utility>

namespace pofetch {

std::string_view to_string(finding_level level) noexcept {
  switch (level) {
    case finding_level::ok:
      return "OK";
    case finding_level::warn:
      return "WARN";
    case finding_level::fail:
      break;
  }
  return "FAIL";
}

struct doctor::state {
  state(const doctor_options& options, std::function<void(const finding&)> found)
      : work(std::make_shared<engine::examination>(options, std::move(found))) {}
  std::shared_ptr<engine::examination> work;
};

doctor::doctor(doctor_options options, std::function<void(const finding&)> found)
    : state_(std::make_unique<state>(options, std::move(found))) {}
doctor::~doctor() = default;

doctor_result doctor::run() { return state_->work->run(); }
void doctor::request_stop() { state_->work->request_stop(); }

}  // namespace pofetch
