#include "http/media_type.hpp"

#include <array>

#include "imaging/probe.hpp"

namespace darkroom::http {

namespace {

using enum imaging::InputFormat;

// Every format that is read; those that are written are among them.
constexpr auto formats = std::to_array({jpeg, png, gif, bmp, psd, tga, pnm, hdr, webp, avif, heic});
static_assert(formats.size() == static_cast<std::size_t>(heic) + 1);

}  // namespace

std::string_view extension_of_media_type(std::string_view media_type) {
  for (const auto format : formats) {
    if (imaging::content_type(format) == media_type) return imaging::extension(format);
  }
  return {};
}

std::string media_type_of(std::string_view blob_key) {
  const std::string_view extension = blob_key.substr(blob_key.rfind('.') + 1);
  for (const auto format : formats) {
    if (imaging::extension(format) == extension) return std::string{imaging::content_type(format)};
  }
  return "application/octet-stream";
}

}  // namespace darkroom::http
