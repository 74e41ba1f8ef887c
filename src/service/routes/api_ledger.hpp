#pragma once

#include "async/offload.hpp"
#include "service/routes/api.hpp"

#include <type_traits>

namespace pofetch::service {

template <class Question>
auto api::ask_ledger(const std::string& id, Question question) {
  using answer = std::invoke_result_t<Question&, sqlite::ledger_pages&>;
  auto work = [file = out_of(id) / ".pofetch" / "ledger.db", question]() mutable -> answer {
    auto pages = sqlite::ledger_pages::open(file);
    if (!pages) return pages.error();
    return question(*pages);
  };
  return async::offload(desk_.readers(), std::move(work));
}

}  // namespace pofetch::service
