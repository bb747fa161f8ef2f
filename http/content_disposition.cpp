#include "http/content_disposition.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// What file systems take.
constexpr std::size_t max_name_bytes = 255;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// attr-char of RFC 8187, section 3.2.1.
bool is_attribute_character(char c) {
  return is_letter_or_digit(c) ||
         std::string_view{"!#$&+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_continuation(char c) {
  return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U;
}

// Means the same to every client in a quoted string (RFC 6266, appendix D).
bool is_plain(char c) {
  return c >= ' ' && c <= '~' && std::string_view{"\"\\%/"}.find(c) == std::string_view::npos;
}

// U+202A to U+202E and U+2066 to U+2069 change the direction of what follows, so that
// "photo[RLO]gpj.exe" is read as "photoexe.jpg".
std::string without_direction_marks(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size();) {
    const std::string_view three = name.substr(i, 3);
    const bool embedding = three >= "\xE2\x80\xAA" && three <= "\xE2\x80\xAE";
    const bool isolate = three >= "\xE2\x81\xA6" && three <= "\xE2\x81\xA9";
    if (embedding || isolate) {
      i += 3;
    } else {
      result += name[i++];
    }
  }
  return result;
}

// Of a name that may have come by any way.
std::string clean(std::string_view name) {
  return without_direction_marks(display_filename(name));
}

std::string plain_form(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (!is_continuation(c)) plain += is_plain(c) ? c : '_';
  }
  return plain;
}

std::string extended_form(std::string_view name) {
  std::string extended;
  for (const char c : name) {
    if (is_attribute_character(c)) {
      extended += c;
    } else {
      extended += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
    }
  }
  return extended;
}

std::string_view extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  // A dot at the start hides a file and begins no extension.
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot + 1);
}

std::string_view stem_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string_view file_of(std::string_view blob_key) {
  return blob_key.substr(blob_key.rfind('/') + 1);
}

// Whether files of the format whose extension is `ours` go by `theirs` too.
bool fits(std::string_view theirs, std::string_view ours) {
  struct Others {
    std::string_view ours;
    std::string_view theirs;
  };
  static constexpr auto others = std::to_array<Others>({{"jpg", "jpeg,jpe,jfif"},
                                                        {"pnm", "ppm,pgm,pbm,pam"},
                                                        {"heic", "heif,hif"},
                                                        {"avif", "heif,hif"},
                                                        {"tga", "icb,vda,vst"},
                                                        {"bmp", "dib"},
                                                        {"hdr", "pic,rgbe"}});
  return equals_ignoring_case(theirs, ours) ||
         std::ranges::any_of(others, [&](const Others& entry) {
           return entry.ours == ours && list_contains(entry.theirs, theirs);
         });
}

// `stem` and `rest`, of which the stem is cut where both are too long.
std::string joined(std::string_view stem, const std::string& rest) {
  const std::size_t room = max_name_bytes - std::min(rest.size(), max_name_bytes);
  if (stem.size() > room) {
    std::size_t end = room;
    while (end > 0 && is_continuation(stem[end]))
      --end;
    stem = stem.substr(0, end);
  }
  return std::string{stem} + rest;
}

}  // namespace

std::string content_disposition(Disposition disposition, std::string_view name) {
  std::string value = disposition == Disposition::saved ? "attachment" : "inline";
  const std::string cleaned = clean(name);
  if (cleaned.empty()) return value;
  value += "; filename=\"" + plain_form(cleaned) + '"';
  if (!std::ranges::all_of(cleaned, is_plain)) {
    value += "; filename*=UTF-8''" + extended_form(cleaned);
  }
  return value;
}

std::string original_name(std::string_view filename, std::string_view blob_key) {
  const std::string name = clean(filename);
  if (name.empty()) return std::string{file_of(blob_key)};
  const std::string_view ours = extension_of(file_of(blob_key));
  if (ours.empty() || fits(extension_of(name), ours)) return name;
  return joined(name, "." + std::string{ours});
}

std::string rendition_name(std::string_view filename, std::string_view rendition,
                           std::string_view blob_key) {
  const std::string name = clean(filename);
  if (name.empty()) return std::string{file_of(blob_key)};
  return joined(stem_of(name), fmt::format("-{}.{}", rendition, extension_of(file_of(blob_key))));
}

}  // namespace darkroom::http
