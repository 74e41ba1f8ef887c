#include "engine/instance/handles.hpp"
#include "sources/coupa/base_url.hpp"

#include <boost/asio/io_context.hpp>

#include <utility>

namespace pofetch {

session::session(std::shared_ptr<state> made) : state_(std::move(made)) {}

result<session> session::open(instance_options options, progress* receiver,
                              const std::function<bool()>& stopped) {
  auto valid = validate(options);
  if (!valid) return valid.error();
  options.base_url = sources::clean_base(options.base_url);
  if (!options.own_source && options.source == source_kind())
    options.source = sources::driver_for_list(false).facts().kind;
  auto made = std::make_shared<state>(std::move(options), receiver);
  auto ready = made->where.load_credentials(stopped);
  if (ready) ready = made->where.sign_in.load(made->where.events);
  if (!ready) return ready.error();
  session opened(std::move(made));
  if (!opened.shared()->where.driver().facts().needs_instance) return opened;
  // What a client would be refused for is better known now.
  boost::asio::io_context nowhere;
  auto probe = client::open(nowhere.get_executor(), opened);
  if (!probe) return probe.error();
  return opened;
}

result<void> session::put_cookies(std::string_view text) {
  return state_->where.sign_in.take(text, "the given cookies");
}

result<void> session::save_cookies() { return state_->where.sign_in.save(); }

}  // namespace pofetch
