#pragma once

#include "os/unique_fd.hpp"
#include "service/server/exchange.hpp"

#include <cstdint>
#include <optional>

namespace pofetch::service {

/// A part of a file as the body of an answer.
class file_body final : public body_stream {
 public:
  file_body(os::unique_fd file, std::uint64_t first, std::uint64_t count)
      : file_(std::move(file)), rest_{file_.get(), first, count}, count_(count) {}

  [[nodiscard]] std::optional<std::uint64_t> length() const override { return count_; }
  [[nodiscard]] awaitable<state> next(std::string& into) override;
  [[nodiscard]] file_rest* in_file() override { return &rest_; }

 private:
  os::unique_fd file_;
  file_rest rest_;
  std::uint64_t count_;
};

}  // namespace pofetch::service
