#pragma once

#include "async/event.hpp"
#include "async/semaphore.hpp"
#include "pipeline/committer.hpp"
#include "pipeline/download_pool.hpp"
#include "pipeline/look.hpp"
#include "pipeline/naming.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::pipeline {

/// `--durability file`, for the downloads of one PO: each file is placed and recorded as soon as it is whole,
/// and only then does its slot take the next one. A file waits for the names of those before it in the list,
/// so that names do not depend on who is faster. `in_flight` bounds what is fetched and not recorded yet.
class one_by_one final : public download_watch {
 public:
  /// Is what came in `got` held already, unread on the disk? Then there is no body afterwards.
  using compare_function = std::function<awaitable<>(std::size_t index, download& got)>;

  /// All that is given must outlive the watch. `look`: goes with the intent of each file; a later run may not
  /// ask for what it finds. `worker`: its number.
  one_by_one(const boost::asio::any_io_executor& executor, committer& done, async::semaphore& in_flight,
             look_plan& plan, const purchase_order& po, std::optional<po_look> look, unsigned worker,
             compare_function compare);

  [[nodiscard]] awaitable<> start(std::size_t index) override;
  void named(std::size_t index, std::string name) override;
  void pauses(std::size_t index) override;
  [[nodiscard]] awaitable<> ended(std::size_t index, download& done) override;

  /// Some file has been committed.
  [[nodiscard]] bool any() const noexcept { return any_; }

 private:
  struct file {
    async::semaphore::permit permit{};
    std::string name{};  ///< that it wants
    bool begun = false;
    bool named = false;
    bool has_name = false;  ///< or will have none
  };

  void know(std::size_t index, const std::string& name, bool has_name);
  [[nodiscard]] bool is_turn(std::size_t index);
  [[nodiscard]] std::vector<name_wish> wishes(std::size_t index);
  [[nodiscard]] finished_po one_file(std::size_t index, std::vector<name_wish> wanted);
  awaitable<> commit(std::size_t index, download& done);

  committer& done_;
  async::semaphore& in_flight_;
  look_plan& plan_;
  const purchase_order& po_;
  std::optional<po_look> look_;
  unsigned worker_;
  compare_function compare_;
  std::vector<file> files_;  ///< beside `plan.missing`
  std::size_t known_ = 0;    ///< the names of so many, from the first on, are known
  std::size_t wished_ = 0;   ///< of so many the names were asked for
  bool any_ = false;
  std::shared_ptr<name_giver> names_;
  async::event changed_;
};

}  // namespace pofetch::pipeline
