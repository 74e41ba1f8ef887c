#include "http/redirect_policy.hpp"

#include "core/mask_url.hpp"
#include "core/url.hpp"

#include <fmt/format.h>

#include <utility>

namespace pofetch::http {

namespace {

bool leads_elsewhere(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

result<redirect_answer> decide_redirect(const redirect_question& question) {
  redirect_answer stay;
  if (!leads_elsewhere(question.status) || question.location.empty()) return stay;
  const bool safe = question.method == "GET" || question.method == "HEAD";
  if (!safe && question.status != 303) return stay;

  auto target = core::resolve(question.url, question.location);
  if (!target)
    return make_failure(errc::protocol,
                        fmt::format("{} redirects (status {}) to an address that cannot be used: {}",
                                    core::mask_url(question.url), question.status, target.error().message));
  if (question.stop_before && question.stop_before(*target)) return stay;
  if (question.url.starts_with("https:") && !target->starts_with("https:"))
    return make_failure(errc::blocked_redirect,
                        fmt::format("{} redirects from HTTPS to plain HTTP ({}), which is refused",
                                    core::mask_url(question.url), core::mask_url(*target)));
  if (question.followed >= max_redirects)
    return make_failure(
        errc::too_many_redirects,
        fmt::format("more than {} redirects one after another; the last one led from {} to {}", max_redirects,
                    core::mask_url(question.url), core::mask_url(*target)));
  redirect_answer go;
  go.follow = true;
  go.url = std::move(*target);
  go.method = safe ? std::string(question.method) : "GET";
  return go;
}

}  // namespace pofetch::http
