#pragma once

#include <string_view>

namespace pofetch::service {

// Texts of the files beside this one, which the build puts into the program.
extern const std::string_view request_schemas_text;
extern const std::string_view answer_schemas_text;
extern const std::string_view found_schemas_text;
extern const std::string_view operations_text;

}  // namespace pofetch::service
