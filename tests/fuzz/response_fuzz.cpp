// Any bytes as what a server sends: the answers that are read, and whether the next one is refused, are the
// same in whatever pieces they come.
#include "fuzz/fuzz_input.hpp"
#include "http/response_reader.hpp"

#include <string>
#include <vector>

namespace {

using namespace pofetch;
constexpr std::size_t header_limit = 4096;

struct collector final : http::byte_consumer {
  std::string bytes;
  result<void> consume(std::span<const std::byte> more) override {
    bytes.append(reinterpret_cast<const char*>(more.data()), more.size());
    return {};
  }
};

/// One connection, from which answers are read until the bytes end.
class peer {
 public:
  peer(std::string_view bytes, bool whole)
      : unread_(bytes), whole_(whole), dice_(bytes), reader_(header_limit) {}

  /// Everything that came of it as one text.
  std::string read() {
    while (read_answer()) {
    }
    return std::move(seen_);
  }

 private:
  /// False: the connection is at its end.
  bool read_answer() {
    reader_.start(false);
    collector body;
    while (!reader_.has_head())
      if (!step()) return false;
    fuzz::require(reader_.status() >= 200);
    seen_ += "status " + std::to_string(reader_.status()) + '\n';
    for (const auto& field : reader_.take_fields()) {
      seen_ += field.name + ": " + field.value + '\n';
      fuzz::require(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
    reader_.set_body_consumer(&body);
    bool goes_on = true;
    while (goes_on && !reader_.done()) goes_on = step();
    fuzz::require(body.bytes.size() == reader_.body_bytes());
    seen_ += body.bytes + (reader_.done() ? "\nwhole\n" : "\nbroken\n");
    // A 304 tells the length of the body that it does not have, and so may a 204 that breaks the rule.
    const bool has_body = reader_.status() != 304 && reader_.status() != 204;
    if (reader_.done() && has_body)
      if (const auto length = reader_.content_length()) fuzz::require(body.bytes.size() == *length);
    return goes_on && reader_.done() && reader_.keep_alive();
  }

  /// Feeds what is there, or a piece more. False: nothing more to be had.
  bool step() {
    const auto used = reader_.feed({unread_.data(), offered_});
    if (!used) {
      refuse(used.error());
      return false;
    }
    fuzz::require(*used <= offered_);
    unread_.remove_prefix(*used);
    offered_ -= *used;
    if (*used > 0) return true;
    if (offered_ < unread_.size()) {
      offered_ += std::min(unread_.size() - offered_, whole_ ? unread_.size() : dice_.size(4096));
      return true;
    }
    const auto ended = reader_.feed_end();
    if (!ended) refuse(ended.error());
    return false;
  }

  /// The words may depend on the pieces: the end of the connection can come before what is wrong is seen.
  void refuse(const failure& why) {
    fuzz::require(!why.message.empty());
    seen_ += "refused\n";
  }

  std::string_view unread_;
  bool whole_;
  fuzz::dice dice_;
  http::response_reader reader_;
  std::size_t offered_ = 0;  ///< of `unread_`, what has arrived
  std::string seen_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  fuzz::require(peer(bytes, true).read() == peer(bytes, false).read());
  return 0;
}
