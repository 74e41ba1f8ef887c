// Built with POFETCH_SYSTEMD=OFF.
#include "service/systemd/manager.hpp"

namespace pofetch::service {

std::vector<handed_over> take_handed_over() { return {}; }

void tell_manager(const std::string&) {}

void tell_manager_of_reload() {}

std::optional<std::chrono::microseconds> manager_patience() { return std::nullopt; }

}  // namespace pofetch::service
