#include "sources/manifest/manifest_driver.hpp"

#include "sources/driver.hpp"
#include "sources/manifest/manifest.hpp"

namespace pofetch::sources {

namespace {

class list_driver final : public driver {
 public:
  [[nodiscard]] driver_facts facts() const noexcept override { return manifest_facts; }

  [[nodiscard]] std::unique_ptr<attachment_source> open(const workplace& at) const override {
    return std::make_unique<manifest>(at.options.base_url);
  }

  [[nodiscard]] std::optional<page_area> pages(const std::string& /*origin*/) const override {
    return page_area{};
  }

  [[nodiscard]] bool has_page(std::string_view page) const override { return page.empty(); }
};

}  // namespace

const driver& manifest_driver() {
  static const list_driver one;
  return one;
}

}  // namespace pofetch::sources
