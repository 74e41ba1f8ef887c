#include "http/address_rule.hpp"

namespace pofetch::http {

bool may_connect(core::address_class kind, const hop_facts& hop) noexcept {
  if (kind == core::address_class::global) return true;
  if (hop.own_origin || hop.user_named || hop.host_allowed) return true;
  return hop.first_hop == kind || hop.instance == kind;
}

}  // namespace pofetch::http
