#include "imaging/formats/unsupported_formats.hpp"

#include <algorithm>
#include <array>

#include "imaging/formats/byte_reader.hpp"

namespace darkroom::imaging {
namespace {

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

using namespace std::string_view_literals;

constexpr std::array signatures{
    Signature{4, "ftypcrx "sv, "a camera raw image"},
    Signature{0, "II*\0"sv, "a TIFF or camera raw image"},
    Signature{0, "MM\0*"sv, "a TIFF or camera raw image"},
    Signature{0, "II+\0"sv, "a BigTIFF image"},
    Signature{0, "MM\0+"sv, "a BigTIFF image"},
    Signature{0, "%PDF-"sv, "a PDF document"},
    Signature{0, "%!PS"sv, "a PostScript document"},
    Signature{0, "\0\0\1\0"sv, "an icon (ICO)"},
    Signature{0, "\xFF\x0A"sv, "a JPEG XL image"},
    Signature{0, "\0\0\0\x0CJXL "sv, "a JPEG XL image"},
    Signature{0, "\0\0\0\x0CjP  "sv, "a JPEG 2000 image"},
    Signature{0, "\xFF\x4F\xFF\x51"sv, "a JPEG 2000 image"},
    Signature{0, "v/1\1"sv, "an OpenEXR image"},
    Signature{0, "qoif"sv, "a QOI image"},
    Signature{0, "DDS "sv, "a DDS texture"},
    Signature{0, "gimp xcf"sv, "a GIMP project (XCF)"},
};

/// Text that begins with an XML declaration or an svg element, behind a byte order mark and spaces.
bool is_xml(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text.starts_with("<?xml") || text.starts_with("<svg") || text.starts_with("<!DOCTYPE svg");
}

}  // namespace

std::optional<std::string_view> name_unsupported_format(std::span<const std::byte> file) {
  const auto found = std::find_if(
      signatures.begin(), signatures.end(),
      [&](const Signature& signature) { return has_at(file, signature.offset, signature.bytes); });
  if (found != signatures.end()) return found->name;
  constexpr std::size_t looked_at = 1'024;
  if (is_xml(as_text(file.first(std::min(looked_at, file.size()))))) {
    return "an SVG or another XML document";
  }
  return std::nullopt;
}

}  // namespace darkroom::imaging
