#pragma once

#include "coupa-sim/api_site.hpp"
#include "coupa-sim/content.hpp"
#include "coupa-sim/dataset.hpp"
#include "coupa-sim/faults.hpp"
#include "coupa-sim/options.hpp"
#include "coupa-sim/route.hpp"
#include "coupa-sim/session_book.hpp"
#include "coupa-sim/site_message.hpp"
#include "coupa-sim/stats.hpp"
#include "coupa-sim/token_book.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coupa_sim {

/// The application behind the server: says what to answer, does no I/O. Any thread.
class site {
 public:
  /// Everything given must outlive it. `signed_in` sees each cookie value that POST /_sim/sign-in made.
  site(const options& wanted, dataset& data, session_book& sessions, token_book& tokens, stats& seen,
       std::function<void(const std::string&)> signed_in);

  /// `nth`: how often this path was asked for before.
  [[nodiscard]] site_reply answer(const site_request& request, const route& where, std::uint64_t nth);

 private:
  [[nodiscard]] site_reply signed_in_answer(const site_request& request, const route& where);
  [[nodiscard]] site_reply order(const site_request& request, const route& where) const;
  [[nodiscard]] site_reply requisition(const site_request& request, const route& where) const;
  [[nodiscard]] site_reply readable(const site_request& request, std::string body,
                                    std::time_t modified) const;
  [[nodiscard]] site_reply download(const site_request& request, const route& where) const;
  [[nodiscard]] site_reply api(const site_request& request, const route& where);
  [[nodiscard]] site_reply bytes_of(const site_request& request, const file_facts& file) const;
  [[nodiscard]] site_reply storage(const site_request& request, const route& where);
  [[nodiscard]] site_reply file_reply(const site_request& request, const file_facts& file) const;
  [[nodiscard]] site_reply control(const site_request& request, const route& where);
  [[nodiscard]] site_reply sign_in(const site_request& request);
  [[nodiscard]] site_reply signed_out(const site_request& request, const route& where) const;
  [[nodiscard]] site_reply sso(const site_request& request) const;
  [[nodiscard]] site_reply sso_back(const route& where);
  [[nodiscard]] std::string other_host(const site_request& request) const;
  [[nodiscard]] std::string set_cookie(const std::string& value) const;
  [[nodiscard]] std::string signature(std::uint64_t id) const;

  const options& options_;
  dataset& data_;
  session_book& sessions_;
  token_book& tokens_;
  stats& stats_;
  api_site api_;
  std::function<void(const std::string&)> signed_in_;
  throttle throttle_;
};

}  // namespace coupa_sim
