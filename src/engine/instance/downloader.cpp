#include "async/offload.hpp"
#include "core/file_name.hpp"
#include "engine/instance/handles.hpp"
#include "pipeline/download_pool.hpp"
#include "pipeline/placing.hpp"

#include <pofetch/downloader.hpp>

#include <boost/asio/strand.hpp>

#include <utility>

namespace pofetch {

namespace asio = boost::asio;

namespace {

using client_state = std::shared_ptr<client::state>;
using folder_state = std::shared_ptr<output_folder::state>;

awaitable<std::vector<download>> fetch_with(client_state from, folder_state to,
                                            std::vector<attachment> attachments, std::size_t max_concurrent,
                                            attachment_notes notes) {
  engine::instance_lane& lane = *from->lane;
  co_await require_executor(lane.executor());
  const engine::instance& where = lane.where();
  pipeline::download_pool pool(lane.wire(), *to->files, lane.source(), lane.time(), where.options.pool,
                               where.events, to->blocking, 0);
  auto done = co_await pool.download_attachments_parallel(attachments, max_concurrent, {}, &notes);
  co_return done;
}

awaitable<std::vector<attachment_record>> save_with(client_state from, folder_state to,
                                                    std::vector<download> done, std::string folder) {
  co_await require_executor(from->lane->executor());
  purchase_order po;
  po.number = folder;
  po.folder = core::safe_folder_name(folder, "unnamed", to->files->longest_name());
  auto work = [&to, &po, &done] { return pipeline::save_downloads(*to->files, po, std::move(done)); };
  auto saved = co_await async::offload(to->blocking, work);
  co_return saved;
}

}  // namespace

output_folder::output_folder(std::shared_ptr<state> made) : state_(std::move(made)) {}

result<output_folder> output_folder::open(const std::filesystem::path& path, asio::any_io_executor blocking,
                                          durability how) {
  auto files = storage::file_store::open(path, how, true);
  if (!files) return files.error();
  auto ready = (*files)->lock();
  if (!ready) return ready.error();
  auto swept = (*files)->sweep();
  if (swept) swept = (*files)->drop_left();
  if (!swept) return swept.error();
  // The folder's own thread ends before the strand that it worked for.
  auto end = [](state* gone) {
    if (gone->own) gone->own->join();
    delete gone;
  };
  const std::shared_ptr<state> made(new state, end);
  made->files = std::move(*files);
  if (!blocking) {
    made->own.emplace(1);
    blocking = made->own->get_executor();
  }
  made->blocking = asio::make_strand(blocking);
  return output_folder(made);
}

downloader::downloader(client from, output_folder to) : from_(std::move(from)), to_(std::move(to)) {}

awaitable<std::vector<download>> downloader::download_attachments_parallel(
    std::vector<attachment> attachments, std::size_t max_concurrent, attachment_notes notes) const {
  return fetch_with(from_.shared(), to_.shared(), std::move(attachments), max_concurrent, std::move(notes));
}

awaitable<std::vector<attachment_record>> downloader::save(std::vector<download> done,
                                                           std::string folder) const {
  return save_with(from_.shared(), to_.shared(), std::move(done), std::move(folder));
}

}  // namespace pofetch
