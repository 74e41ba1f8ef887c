// Any bytes around a secret: masked, neither an address nor a line of text shows it, and the key of an
// address does not hold it.
#include "core/mask_url.hpp"
#include "fuzz/fuzz_input.hpp"

#include <string>

namespace {

using pofetch::fuzz::require;
constexpr std::string_view secret = "SeCr3tV4lu3SeCr3tV4lu3";

bool shows_secret(std::string_view text) { return text.find(secret) != std::string_view::npos; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view text = fuzz::text_of(data, size);
  if (shows_secret(text)) return 0;
  // The first line stands before the secret, the rest behind it.
  const std::string before(text.substr(0, text.find('\n')));
  const std::string after(text.substr(before.size()));
  const std::string value(secret);
  for (const std::string& url :
       {"https://tenant.example/" + before + "?token=" + value + '&' + after,
        "https://tenant.example/file?a=" + before + "&X-Amz-Signature=" + value + '&' + after,
        "https://user:" + value + "@tenant.example/" + before + after}) {
    require(!shows_secret(core::mask_url(url)));
    require(!shows_secret(core::url_key(url)));
    const std::string once = core::mask_url(url);
    for (const char c : once) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  }
  for (const std::string& line : {before + "\nAuthorization: Bearer " + value + '\n' + after,
                                  before + "\nCookie: " + value + '\n' + after,
                                  before + " https://tenant.example/?token=" + value + ' ' + after})
    require(!shows_secret(core::mask_secrets_in_text(line)));
  (void)core::mask_url(text);
  (void)core::mask_secrets_in_text(text);
  (void)core::url_key(text);
  return 0;
}
