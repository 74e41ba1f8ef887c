#include "sources/own/own_driver.hpp"

#include "sources/driver.hpp"

namespace pofetch::sources {

namespace {

/// Nobody knows where it has its pages, or how it is asked whether the sign-in holds.
class own_source_driver final : public driver {
 public:
  [[nodiscard]] driver_facts facts() const noexcept override { return own_facts; }

  [[nodiscard]] std::unique_ptr<attachment_source> open(const workplace& at) const override {
    return at.options.own_source(at.http, at.time);
  }
};

}  // namespace

const driver& own_driver() {
  static const own_source_driver one;
  return one;
}

}  // namespace pofetch::sources
