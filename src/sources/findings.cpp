#include "sources/findings.hpp"

#include "core/consequence.hpp"

#include <utility>

namespace pofetch::sources {

finding fine(std::string check, std::string text) {
  return {std::move(check), finding_level::ok, std::move(text), {}, exit_state::ok};
}

finding doubtful(std::string check, std::string text, std::string next_step) {
  return {std::move(check), finding_level::warn, std::move(text), std::move(next_step), exit_state::ok};
}

finding failed_check(std::string check, const failure& why, std::string next_step) {
  return {std::move(check), finding_level::fail, why.message, std::move(next_step),
          core::consequence_of(why.code).exit};
}

}  // namespace pofetch::sources
