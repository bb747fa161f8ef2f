#pragma once

#include <string>
#include <string_view>

namespace darkroom::nodes {

/// The text as it may be shown on a terminal, on one line: control characters are escaped ("\\n",
/// "\\x1b", "\\u0085"), and bytes that are not UTF-8 become U+FFFD. So no text from outside can
/// pass for a line of its own, or command the terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace darkroom::nodes
