#pragma once

#include "service/batches/batch_record.hpp"
#include "service/server/heads/request_target.hpp"
#include "service/server/problem.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/batch.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

using settings::profile;

/// What is asked for with a new batch, beside its list.
struct batch_request {
  std::string name;
  std::vector<std::string> labels;
  priority urgency = priority::normal;
  std::string source;   ///< empty: that of the profile
  std::string profile;  ///< empty: the one that fits
  bool plans = false;   ///< `mode`
  boost::json::object options;
  /// A list within the JSON, as JSON Lines; empty: the body is the list.
  std::string list;
};

/// A request, or what is wrong with it: the problem to answer with.
struct read_request {
  batch_request request;
  std::optional<problem> refused;
};

/// From a JSON body: `invalid-member`, with a pointer for each member that is wrong.
[[nodiscard]] read_request request_of_json(std::string_view body);
/// From the query beside a list: `invalid-parameter`.
[[nodiscard]] read_request request_of_query(const query_parameters& query);

/// Changes of name, labels, priority, workers and max_concurrent by a merge patch (RFC 7396). Nothing is
/// changed where one of them is wrong.
[[nodiscard]] std::optional<problem> patch_record(std::string_view body, batch_record& record);

/// A body that may be absent, as the schema of that name wants it: its members, or the problem.
[[nodiscard]] std::optional<problem> read_small_body(std::string_view body, std::string_view schema,
                                                     boost::json::object& into);

/// Puts options of a batch, which follow their schema, into those of the engine. Adds what is wrong to
/// `errors`, pointers behind `lead`.
void apply_options(const boost::json::object& options, batch_options& into, const std::string& lead,
                   std::vector<member_error>& errors);

/// The profile that a request means. Null: none fits, or several do; `why` is a sentence then.
[[nodiscard]] const profile* choose_profile(const std::vector<profile>& all, const batch_request& asked,
                                            std::string& why);

/// What the engine gets for a batch. Its options have been accepted before.
[[nodiscard]] batch_options options_for(const batch_record& record, const profile& from,
                                        const std::filesystem::path& folder);

}  // namespace pofetch::service
