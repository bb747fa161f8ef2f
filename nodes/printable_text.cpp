#include "nodes/printable_text.hpp"

#include <fmt/format.h>

#include "json/utf8.hpp"

namespace darkroom::nodes {

std::string printable(std::string_view text) {
  constexpr unsigned char first_of_c1 = 0xc2;  // U+0080 to U+009F are c2 80 to c2 9f in UTF-8.
  const std::string repaired = json::repaired_utf8(text);
  std::string shown;
  shown.reserve(repaired.size());
  for (std::size_t i = 0; i < repaired.size(); ++i) {
    const auto byte = static_cast<unsigned char>(repaired[i]);
    const auto next = i + 1 < repaired.size() ? static_cast<unsigned char>(repaired[i + 1]) : 0;
    if (byte == '\n') {
      shown += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      shown += fmt::format("\\x{:02x}", byte);
    } else if (byte == first_of_c1 && next < 0xa0) {
      shown += fmt::format("\\u{:04x}", next);
      ++i;
    } else {
      shown += repaired[i];
    }
  }
  return shown;
}

}  // namespace darkroom::nodes
