#pragma once

#include "coupa-sim/content.hpp"
#include "coupa-sim/dataset.hpp"
#include "coupa-sim/faults.hpp"
#include "coupa-sim/options.hpp"
#include "coupa-sim/route.hpp"
#include "coupa-sim/session_book.hpp"
#include "coupa-sim/stats.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coupa_sim {

/// What the site looks at in a request. The views live as long as the request.
struct site_request {
  std::string_view method;
  std::string_view host;
  std::string_view cookie;
  std::string_view accept_encoding;
  std::string_view range;
  std::string_view if_range;
  std::string_view body;
};

/// What is to be sent.
struct site_reply {
  unsigned status = 200;
  std::string fields;  ///< `Name: value\r\n` lines, framing not included
  std::string body;    ///< unless there is a file
  std::optional<content> file{};
  std::uint64_t from = 0;  ///< the part of the file to send
  std::uint64_t length = 0;
  bool chunked = false;
  bool gzip = false;  ///< to be compressed; implies chunked
  fault broken = fault::none;
};

/// The application behind the server: says what to answer, does no I/O. Any thread.
class site {
 public:
  /// Everything given must outlive it. `signed_in` sees each cookie value that POST /_sim/sign-in made.
  site(const options& wanted, const dataset& data, session_book& sessions, stats& seen,
       std::function<void(const std::string&)> signed_in);

  /// `nth`: how often this path was asked for before.
  [[nodiscard]] site_reply answer(const site_request& request, const route& where, std::uint64_t nth);

 private:
  [[nodiscard]] site_reply signed_in_answer(const site_request& request, const route& where);
  [[nodiscard]] site_reply order(const route& where) const;
  [[nodiscard]] site_reply requisition(const route& where) const;
  [[nodiscard]] site_reply download(const site_request& request, const route& where) const;
  [[nodiscard]] site_reply storage(const site_request& request, const route& where);
  [[nodiscard]] site_reply file_reply(const site_request& request, const file_facts& file) const;
  [[nodiscard]] site_reply control(const site_request& request, const route& where);
  [[nodiscard]] site_reply sign_in(const site_request& request);
  [[nodiscard]] site_reply signed_out(const route& where) const;
  [[nodiscard]] std::string set_cookie(const std::string& value) const;
  [[nodiscard]] std::string signature(std::uint64_t id) const;

  const options& options_;
  const dataset& data_;
  session_book& sessions_;
  stats& stats_;
  std::function<void(const std::string&)> signed_in_;
  throttle throttle_;
};

}  // namespace coupa_sim
