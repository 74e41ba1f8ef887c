#pragma once

#include <string>

namespace pofetch::cli {

/// `pofetch --manual`: the page that `man pofetch` shows, in the language of man(7). Made from the same table
/// as the help, so that it never tells another story.
[[nodiscard]] std::string manual_page();

/// `pofetch --manual serve`: the page of pofetch-serve.
[[nodiscard]] std::string manual_page_of_serve();

}  // namespace pofetch::cli
