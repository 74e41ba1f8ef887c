#pragma once

#include "cli/remote/event_reader.hpp"
#include "cli/screen/progress_model.hpp"
#include "service/batches/batch_record.hpp"

#include <pofetch/exit_state.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace pofetch::cli {

/// What is known here of a batch that a service runs: the whole, and the events since then, as one picture.
class remote_batch {
 public:
  /// The batch as an answer or a snapshot shows it. False: that is no batch.
  [[nodiscard]] bool take_whole(std::string_view json);
  /// Of the events batch, progress, sign_in and end what they say of it; others are passed over.
  void take(std::string_view name, const boost::json::object& data);

  /// False: nothing is known yet.
  [[nodiscard]] bool is_known() const noexcept { return known_; }
  [[nodiscard]] const service::batch_record& record() const noexcept { return record_; }
  [[nodiscard]] told_standing standing() const;
  /// What somebody should do about the session; empty: nothing.
  [[nodiscard]] std::string sign_in() const;

 private:
  [[nodiscard]] bool read();

  boost::json::object shown_;
  service::batch_record record_;
  bool known_ = false;
};

/// How the command ends for it: as the run would have.
[[nodiscard]] exit_state exit_of(const service::batch_record& ended);

/// A member that is a text; empty: there is none.
[[nodiscard]] std::string text_in(const boost::json::object& from, std::string_view name);

/// The object that the text is; empty: it is none.
[[nodiscard]] boost::json::object object_in(std::string_view json);

}  // namespace pofetch::cli
