#include "sources/driver.hpp"

#include "core/mask_url.hpp"
#include "sources/findings.hpp"

#include <fmt/format.h>

namespace pofetch::sources {

awaitable<result<session_state>> driver::probe(workplace /*at*/, unsigned /*most_retries*/) const {
  co_return session_state::unknown;
}

finding driver::on_sign_in(const result<session_state>& state, const instance_options& options,
                           const credentials* /*known*/) const {
  if (!state)
    return failed_check("sign_in", state.error(), "try again; if it stays, ask those who run the instance");
  if (*state == session_state::alive)
    return fine("sign_in", fmt::format("{} knows you", core::mask_url(options.base_url)));
  if (*state == session_state::unknown)
    return doubtful("sign_in", "the instance is busy or ill, and does not say whether you are signed in",
                    "try again later");
  const failure why =
      make_failure(errc::session_expired,
                   fmt::format("{} asks to sign in: the session has expired, or there are no cookies",
                               core::mask_url(options.base_url)));
  return failed_check("sign_in", why, advice(why));
}

}  // namespace pofetch::sources
