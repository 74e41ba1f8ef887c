#pragma once

#include "sources/html/html_events.hpp"
#include "sources/html/page_text.hpp"

#include <string>
#include <string_view>

namespace pofetch::sources {

/// What the text of a page says of the thing that was asked for (English, Portuguese, Spanish).
struct page_excuse {
  bool not_found = false;       ///< it is not there
  bool not_authorized = false;  ///< this user may not see it
  bool go_between = false;      ///< somebody else than the instance speaks
  bool bare = false;            ///< nothing more than that it is refused
};
[[nodiscard]] page_excuse excuse_in(std::string_view text);

/// What a page looks like from afar: its title, the beginning of its text, and whether it asks to sign in.
class page_marks {
 public:
  void element_started(const html_element& element);
  void element_ended(std::string_view name);
  void text(std::string_view chars);

  [[nodiscard]] std::string_view title() const noexcept { return title_.view(); }
  /// The first 64 KiB, the title included.
  [[nodiscard]] std::string_view text() const noexcept { return text_.view(); }
  /// Fields for the user's mail address and for the password.
  [[nodiscard]] bool sign_in_form() const noexcept { return email_field_ && password_field_; }
  /// Any field for a password, or a form that carries a request for signing in to somebody.
  [[nodiscard]] bool asks_for_password() const noexcept { return any_password_ || password_field_; }

 private:
  page_text title_{1024};
  page_text text_{64U << 10};
  bool in_title_ = false;
  bool email_field_ = false;
  bool password_field_ = false;
  bool any_password_ = false;
};

}  // namespace pofetch::sources
