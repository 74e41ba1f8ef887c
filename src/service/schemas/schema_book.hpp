#pragma once

#include "service/server/problem.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

namespace pofetch::service {

/// All schemas by their names, as `components.schemas` of openapi.json holds them.
[[nodiscard]] const boost::json::object& all_schemas();

/// What is wrong with a value that should follow the schema of that name: JSON pointers and sentences, in the
/// order of the value; nothing: it is right. Throws std::out_of_range where there is no such schema. Any
/// thread; a long list costs some tenths of a second.
[[nodiscard]] std::vector<member_error> check_schema(std::string_view name, const boost::json::value& what);

/// The schema itself, wherever it stands: references are followed.
[[nodiscard]] const boost::json::object& resolved_schema(const boost::json::object& schema);

/// A name as part of a JSON pointer (RFC 6901).
[[nodiscard]] std::string pointer_part(std::string_view name);

}  // namespace pofetch::service
