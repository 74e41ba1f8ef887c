#include "engine/doctor/findings.hpp"

#include "core/mask_url.hpp"
#include "core/setting_text.hpp"
#include "sources/findings.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <utility>

namespace pofetch::engine {

namespace {

constexpr std::uint64_t mebibyte = 1ULL << 20;
constexpr std::uint64_t little_room = 1024 * mebibyte;
constexpr std::uint64_t no_room = 16 * mebibyte;
constexpr std::uint64_t few_files = 10'000;
constexpr std::chrono::milliseconds slow_sync{1'000};
constexpr std::chrono::hours short_validity{14 * 24};

using sources::doubtful;
using sources::failed_check;
using sources::fine;

finding on_room(const storage::folder_facts& facts) {
  const std::string text = fmt::format("{} MiB free", facts.free_bytes / mebibyte);
  if (facts.free_bytes < no_room)
    return {"space", finding_level::fail, text, "make room on this disk, or name a folder on another one",
            exit_state::machine};
  if (facts.free_files < few_files)
    return doubtful("space", fmt::format("{}, but for {} files only", text, facts.free_files),
                    "every attachment is a file: name a folder on another disk for a large batch");
  if (facts.free_bytes < little_room)
    return doubtful("space", text, "'pofetch plan' says how many bytes a batch needs");
  return fine("space", text);
}

finding on_names(const storage::folder_facts& facts) {
  if (!facts.long_names)
    return doubtful(
        "names", "names of 255 bytes cannot be made here",
        "longer names of attachments are cut, their ending stays: to keep them whole, name a folder on "
        "another file system");
  if (!facts.tells_case)
    return fine("names",
                "upper and lower case are the same here; files that differ in case only get a number");
  return fine("names", "long names, upper and lower case are kept");
}

/// Which of the steps it was that failed.
finding where_it_ends(const http::way_facts& facts, const failure& why) {
  if (why.code == errc::tls)
    return failed_check("tls", why,
                        core::spelled("if it is your company's own authority, give its certificate with "
                                      "@cacert=FILE; else ask those who run the instance"));
  if (facts.addresses.empty())
    return failed_check("address", why,
                        core::spelled("look at the spelling of @base_url, and at this machine's DNS"));
  if (!facts.proxy.empty())
    return failed_check(
        "proxy", why,
        core::spelled("ask those who run the proxy, or reach the instance directly (@no_proxy)"));
  return failed_check(
      "connection", why,
      core::spelled("look at the network and its firewall; behind a company's proxy give @proxy=URL"));
}

finding on_certificate(const http::certificate_facts& facts, std::chrono::system_clock::time_point now) {
  const auto left = std::chrono::duration_cast<std::chrono::hours>(facts.expires - now);
  std::string text =
      fmt::format("{}, certificate of {}, issued by {}, valid until {:%Y-%m-%d}, {} more days",
                  facts.protocol, facts.subject, facts.issuer,
                  fmt::gmtime(std::chrono::system_clock::to_time_t(facts.expires)), left.count() / 24);
  if (left >= short_validity) return fine("tls", std::move(text));
  return doubtful("tls", std::move(text),
                  "tell those who run the instance, or your proxy, that it ends soon");
}

}  // namespace

finding on_config(const batch_options& options) {
  const result<void> valid = validate(static_cast<const instance_options&>(options));
  if (!valid) return failed_check("config", valid.error(), "change that setting");
  return fine("config",
              fmt::format("{} workers, {} downloads at the same time in each, {} connections in all",
                          options.pool.workers, options.pool.max_concurrent, options.pool.max_connections));
}

std::vector<finding> on_folder(const result<storage::folder_facts>& facts) {
  if (!facts)
    return {failed_check("folder", facts.error(),
                         core::spelled("name a folder with @out that you may write to"))};
  const std::string text =
      fmt::format("in {} a file is written, synced, renamed and read back; the sync took {} ms",
                  facts->where.string(), facts->syncing.count());
  std::vector<finding> all{fine("folder", text), on_room(*facts), on_names(*facts)};
  if (facts->syncing > slow_sync)
    all.front() = doubtful("folder", text, "a slow or busy disk; one of this machine's own would be faster");
  return all;
}

std::vector<finding> on_way(const http::way_facts& facts, const result<void>& outcome,
                            const std::string& base_url, std::chrono::system_clock::time_point now) {
  std::vector<finding> all;
  if (!facts.addresses.empty())
    all.push_back(fine("address", fmt::format("{} is {}, found in {} ms",
                                              facts.proxy.empty() ? core::mask_url(base_url) : facts.proxy,
                                              fmt::join(facts.addresses, ", "), facts.resolving.count())));
  if (!outcome) {
    if (outcome.error().code == errc::tls) all.push_back(fine("connection", "the host answers"));
    all.push_back(where_it_ends(facts, outcome.error()));
    return all;
  }
  all.push_back(fine("proxy", facts.proxy.empty() ? "none on the way to the instance"
                                                  : fmt::format("the way leads through {}", facts.proxy)));
  all.push_back(fine("connection", fmt::format("made in {} ms", facts.connecting.count())));
  if (facts.certificate) all.push_back(on_certificate(*facts.certificate, now));
  return all;
}

finding on_order(const result<discovery>& order, const std::string& number, const sources::driver& source) {
  const std::string compare = "open it in a browser to compare";
  if (!order && order.error().code == errc::not_found)
    return doubtful("purchase_order", order.error().message,
                    "look at the number, and whether this user may see that purchase order");
  if (!order && order.error().code == errc::session_expired)
    return failed_check("purchase_order", order.error(), source.advice(order.error()));
  if (!order) return failed_check("purchase_order", order.error(), compare);
  const std::string text = fmt::format("{}: {} attachments{}", number, order->attachments.size(),
                                       order->supplier.empty() ? "" : ", supplier " + order->supplier);
  if (!order->incomplete) return fine("purchase_order", text);
  failure why = *order->incomplete;
  why.message = text + "; " + why.message;
  if (!source.lacks_rights(why)) return doubtful("purchase_order", why.message, compare);
  // So it will be with every order of this kind.
  why.code = errc::session_expired;
  return failed_check("purchase_order", why, source.advice(why));
}

finding on_silence(std::string check, const std::string& where, std::chrono::seconds limit) {
  return failed_check(
      std::move(check),
      make_failure(errc::disk, fmt::format("{} did not answer within {} s; is it on a network folder, or a "
                                           "disk, that is gone?",
                                           where, limit.count())),
      "bring that folder back (mount, network, server), or name another one");
}

}  // namespace pofetch::engine
