#include "imaging/probe.hpp"

#include <optional>

#include "imaging/bmp_file.hpp"
#include "imaging/byte_reader.hpp"
#include "imaging/file_header.hpp"
#include "imaging/gif_file.hpp"
#include "imaging/hdr_file.hpp"
#include "imaging/jpeg_file.hpp"
#include "imaging/limits.hpp"
#include "imaging/png_file.hpp"
#include "imaging/pnm_file.hpp"
#include "imaging/psd_file.hpp"
#include "imaging/refusal.hpp"
#include "imaging/tga_file.hpp"
#include "imaging/unsupported_formats.hpp"
#include "jobs/enum_names.hpp"

namespace darkroom::imaging {
namespace {

constexpr auto format_names =
    jobs::enum_names<InputFormat>("jpeg", "png", "gif", "bmp", "psd", "tga", "pnm", "hdr");
constexpr auto content_types = jobs::enum_names<InputFormat>(
    "image/jpeg", "image/png", "image/gif", "image/bmp", "image/vnd.adobe.photoshop", "image/x-tga",
    "image/x-portable-anymap", "image/vnd.radiance");
constexpr auto extensions =
    jobs::enum_names<InputFormat>("jpg", "png", "gif", "bmp", "psd", "tga", "pnm", "hdr");

std::optional<InputFormat> format_by_signature(std::span<const std::byte> file) {
  if (has_at(file, 0, "\xFF\xD8\xFF")) return InputFormat::jpeg;
  if (has_at(file, 0, "\x89PNG")) return InputFormat::png;
  if (has_at(file, 0, "GIF87a") || has_at(file, 0, "GIF89a")) return InputFormat::gif;
  if (has_at(file, 0, "8BPS")) return InputFormat::psd;
  if (has_at(file, 0, "#?RADIANCE\n") || has_at(file, 0, "#?RGBE\n")) return InputFormat::hdr;
  if (is_bmp(file)) return InputFormat::bmp;
  if (is_pnm(file)) return InputFormat::pnm;
  return std::nullopt;
}

tl::expected<InputFormat, Error> detect_format(std::span<const std::byte> file) {
  if (file.empty()) return refuse(ErrorCode::empty, "The file is empty.");
  if (const auto format = format_by_signature(file)) return *format;
  if (const auto name = name_unsupported_format(file)) return unsupported(*name);
  if (is_plausible_tga(file)) return InputFormat::tga;
  return refuse(ErrorCode::not_an_image,
                "The file is not an image of any known format. Accepted are JPEG, PNG, GIF, BMP, "
                "PSD, TGA, PGM, PPM and Radiance HDR.");
}

tl::expected<FileHeader, Error> read_header(InputFormat format, std::span<const std::byte> file) {
  switch (format) {
    case InputFormat::jpeg:
      return read_jpeg_header(file);
    case InputFormat::png:
      return read_png_header(file);
    case InputFormat::gif:
      return read_gif_header(file);
    case InputFormat::bmp:
      return read_bmp_header(file);
    case InputFormat::psd:
      return read_psd_header(file);
    case InputFormat::tga:
      return read_tga_header(file);
    case InputFormat::pnm:
      return read_pnm_header(file);
    case InputFormat::hdr:
      return read_hdr_header(file);
  }
  return unsupported("of an unknown format");
}

}  // namespace

tl::expected<ImageInfo, Error> probe(std::span<const std::byte> bytes, const Limits& limits) {
  const auto format = detect_format(bytes);
  if (!format) return tl::unexpected(format.error());
  const auto header = read_header(*format, bytes);
  if (!header) return tl::unexpected(header.error());
  if (auto within = check_limits(header->width, header->height, limits); !within) {
    return tl::unexpected(std::move(within.error()));
  }
  return ImageInfo{.format = *format,
                   .width = header->width,
                   .height = header->height,
                   .orientation = header->orientation};
}

std::string_view to_string(InputFormat format) {
  return format_names.name(format);
}

std::string_view content_type(InputFormat format) {
  return content_types.name(format);
}

std::string_view extension(InputFormat format) {
  return extensions.name(format);
}

}  // namespace darkroom::imaging
