#include "http/client_text.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "json/utf8.hpp"

namespace darkroom::http {
namespace {

constexpr std::size_t max_filename_bytes = 255;

// The first character of `text`, which is not empty and valid UTF-8.
std::string_view first_character(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80U) return text.substr(0, 1);
  if (lead < 0xE0U) return text.substr(0, 2);
  return text.substr(0, lead < 0xF0U ? 3 : 4);
}

// C0, DEL, and C1, which is C2 80 to C2 9F in UTF-8.
bool is_control(std::string_view character) {
  const auto lead = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 1) return lead < 0x20U || lead == 0x7FU;
  return lead == 0xC2U && static_cast<std::uint8_t>(character[1]) < 0xA0U;
}

}  // namespace

std::string quoted_text(std::string_view text, std::size_t limit) {
  const std::string valid = json::repaired_utf8(text.substr(0, limit));
  std::string safe = "'";
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view character = first_character(rest);
    rest.remove_prefix(character.size());
    if (is_control(character)) {
      safe += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(character.back()));
    } else {
      safe += character;
    }
  }
  return safe + (text.size() > limit ? "'..." : "'");
}

std::string display_filename(std::string_view filename) {
  const std::size_t separator = filename.find_last_of("/\\");
  if (separator != std::string_view::npos) filename.remove_prefix(separator + 1);
  const std::string valid = json::repaired_utf8(filename);
  std::string name;
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view character = first_character(rest);
    rest.remove_prefix(character.size());
    if (is_control(character)) continue;
    if (name.size() + character.size() > max_filename_bytes) break;
    name += character;
  }
  return name;
}

}  // namespace darkroom::http
