#pragma once

#include "http/upload_body.hpp"
#include "os/unique_fd.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pofetch::cli {

/// A list on its way to a service, piece by piece.
class list_upload final : public http::upload_body {
 public:
  /// A file, or `-` for standard input, which is first kept in a file without a name, since it may have to be
  /// sent twice. Failure `input`: it cannot be read, is a folder, or is empty; `disk`: no room to keep it.
  [[nodiscard]] static result<std::unique_ptr<list_upload>> open(const std::string& input);

  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  [[nodiscard]] result<std::string_view> next() override;
  /// For one more try.
  void begin_again() noexcept { sent_ = 0; }

  /// Its Content-Type: by how it begins, else by the ending of its name.
  [[nodiscard]] const std::string& type() const noexcept { return type_; }

 private:
  list_upload(os::unique_fd file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}
  [[nodiscard]] result<void> measure();

  os::unique_fd file_;
  const std::string name_;
  std::string type_;
  std::uint64_t size_ = 0;
  std::uint64_t sent_ = 0;
  std::string piece_;
};

}  // namespace pofetch::cli
