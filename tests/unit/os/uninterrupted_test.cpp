#include "os/uninterrupted.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace pofetch;

TEST_CASE("uninterrupted: made again after EINTR only, and errno tells the last") {
  struct row {
    int interruptions;
    int error;  ///< 0: it succeeds in the end
  };
  for (const row& r : {row{0, 0}, row{3, 0}, row{0, EIO}, row{2, EAGAIN}}) {
    CAPTURE(r.interruptions);
    CAPTURE(r.error);
    int calls = 0;
    const int outcome = os::uninterrupted([&] {
      errno = calls++ < r.interruptions ? EINTR : r.error;
      return errno == 0 ? 7 : -1;
    });
    CHECK(outcome == (r.error == 0 ? 7 : -1));
    CHECK(errno == r.error);
    CHECK(calls == r.interruptions + 1);
  }
}
