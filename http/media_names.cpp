#include "http/media_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace darkroom::http {
namespace {

// FileField.max_length of Django.
constexpr std::size_t max_bytes = 100;

struct Range {
  char32_t first;
  char32_t last;
};

// What Unicode has above ASCII that is neither letter nor digit nor mark, as whole blocks, which is
// near enough for names: punctuation, symbols, emoji and what is not to be seen.
constexpr auto no_letters = std::to_array<Range>({{0x80, 0xA9},
                                                  {0xAB, 0xB4},
                                                  {0xB6, 0xB9},
                                                  {0xBB, 0xBF},
                                                  {0xD7, 0xD7},
                                                  {0xF7, 0xF7},
                                                  {0x2000, 0x2BFF},
                                                  {0x2E00, 0x2E7F},
                                                  {0x3000, 0x3004},
                                                  {0x3008, 0x3020},
                                                  {0xD800, 0xF8FF},
                                                  {0xFE00, 0xFE6F},
                                                  {0xFEFF, 0xFF0F},
                                                  {0xFFF0, 0xFFFF},
                                                  {0x1F000, 0x1FAFF},
                                                  {0xE0000, 0x10FFFF}});

bool stays(char32_t character) {
  if (character < 0x80) {
    const auto c = static_cast<char>(character);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  }
  return std::ranges::none_of(no_letters, [character](const Range& range) {
    return range.first <= character && character <= range.last;
  });
}

// How many bytes of valid UTF-8 a character takes that begins with this one.
std::size_t length_of(std::uint8_t lead) {
  if (lead < 0x80U) return 1;
  if (lead < 0xE0U) return 2;
  return lead < 0xF0U ? 3 : 4;
}

char32_t decoded(std::string_view character) {
  constexpr std::array<std::uint8_t, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t value = static_cast<std::uint8_t>(character[0]) & lead_bits.at(character.size());
  for (const char c : character.substr(1))
    value = value << 6U | (static_cast<std::uint8_t>(c) & 0x3FU);
  return value;
}

std::string of_letters(std::string_view text, std::size_t most) {
  std::string kept;
  while (!text.empty()) {
    const auto character = text.substr(0, length_of(static_cast<std::uint8_t>(text[0])));
    text.remove_prefix(character.size());
    if (character == " ") {
      kept += '_';
    } else if (stays(decoded(character))) {
      if (kept.size() + character.size() > most) break;
      kept += character;
    }
    if (kept.size() >= most) break;
  }
  return kept;
}

std::string_view without_spaces_around(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::string media_name(std::string_view filename) {
  const std::string_view name = without_spaces_around(filename);
  const std::string_view stem = stem_of(name);
  constexpr std::size_t most_of_extension = 16;
  const std::string extension = of_letters(name.substr(stem.size()), most_of_extension);
  std::string kept = of_letters(stem, max_bytes - extension.size()) + extension;
  const bool only_dots = kept.find_first_not_of('.') == std::string::npos;
  return only_dots ? std::string{} : kept;
}

std::string_view stem_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

}  // namespace darkroom::http
