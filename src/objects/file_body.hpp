#pragma once

#include "http/upload_body.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::objects {

/// The bytes of an open file as the body of a request. The file must outlive it.
class file_body final : public http::upload_body {
 public:
  file_body(int file, std::uint64_t size) : file_(file), size_(size) {}

  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  [[nodiscard]] result<std::string_view> next() override;
  /// All of it at once. Failure disk.
  [[nodiscard]] result<std::string> whole() const;

 private:
  int file_;
  std::uint64_t size_;
  std::uint64_t read_ = 0;
  std::string piece_;
};

}  // namespace pofetch::objects
