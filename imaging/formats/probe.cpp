#include "imaging/probe.hpp"

#include <optional>
#include <string>
#include <utility>

#include "imaging/formats/bmp_file.hpp"
#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/file_header.hpp"
#include "imaging/formats/gif_file.hpp"
#include "imaging/formats/hdr_file.hpp"
#include "imaging/formats/heif_file.hpp"
#include "imaging/formats/jpeg_file.hpp"
#include "imaging/formats/png_file.hpp"
#include "imaging/formats/pnm_file.hpp"
#include "imaging/formats/psd_file.hpp"
#include "imaging/formats/tga_file.hpp"
#include "imaging/formats/unsupported_formats.hpp"
#include "imaging/formats/webp_file.hpp"
#include "imaging/limits.hpp"
#include "imaging/refusal.hpp"
#include "jobs/enum_names.hpp"

namespace darkroom::imaging {
namespace {

constexpr auto format_names = jobs::enum_names<InputFormat>(
    "jpeg", "png", "gif", "bmp", "psd", "tga", "pnm", "hdr", "webp", "avif", "heic");
constexpr auto content_types = jobs::enum_names<InputFormat>(
    "image/jpeg", "image/png", "image/gif", "image/bmp", "image/vnd.adobe.photoshop", "image/x-tga",
    "image/x-portable-anymap", "image/vnd.radiance", "image/webp", "image/avif", "image/heic");
constexpr auto extensions = jobs::enum_names<InputFormat>("jpg", "png", "gif", "bmp", "psd", "tga",
                                                          "pnm", "hdr", "webp", "avif", "heic");

std::optional<InputFormat> format_by_signature(std::span<const std::byte> file) {
  if (has_at(file, 0, "\xFF\xD8\xFF")) return InputFormat::jpeg;
  if (has_at(file, 0, "\x89PNG")) return InputFormat::png;
  if (has_at(file, 0, "GIF87a") || has_at(file, 0, "GIF89a")) return InputFormat::gif;
  if (has_at(file, 0, "8BPS")) return InputFormat::psd;
  if (has_at(file, 0, "#?RADIANCE\n") || has_at(file, 0, "#?RGBE\n")) return InputFormat::hdr;
  if (is_webp(file)) return InputFormat::webp;
  if (const auto heif = heif_format(file)) return *heif;
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
                "The file is not an image of any known format. Accepted are " +
                    std::string(accepted_formats) + ".");
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
    case InputFormat::webp:
      return read_webp_header(file);
    case InputFormat::avif:
    case InputFormat::heic:
      return read_heif_header(file);
  }
  return unsupported("of an unknown format");
}

tl::expected<void, Error> check_frames(std::uint32_t frames, const Limits& limits) {
  if (frames <= limits.max_frames) return {};
  return refuse(ErrorCode::too_many_frames,
                "The animation has " + std::to_string(frames) + " frames; at most " +
                    std::to_string(limits.max_frames) + " are accepted.");
}

tl::expected<void, Error> check_taken(InputFormat format, const Limits& limits) {
  const bool heif = format == InputFormat::avif || format == InputFormat::heic;
  if (limits.only_stb && (heif || format == InputFormat::webp)) {
    return refuse(
        ErrorCode::unsupported,
        "Unsupported image: WebP, AVIF and HEIC pictures cannot be read with the reference "
        "backend that this service uses (its setting imaging.backend); please convert it "
        "to JPEG or PNG and send it again.");
  }
  if (!heif || limits.heif) return {};
  return refuse(ErrorCode::unsupported,
                "Unsupported image: AVIF and HEIC pictures are switched off on this service (its "
                "setting imaging.heif); please convert it to JPEG, PNG or WebP and send it again.");
}

}  // namespace

tl::expected<ImageInfo, Error> probe(std::span<const std::byte> bytes, const Limits& limits) {
  const auto format = detect_format(bytes);
  if (!format) return tl::unexpected(format.error());
  if (auto taken = check_taken(*format, limits); !taken) return tl::unexpected(taken.error());
  const auto header = read_header(*format, bytes);
  if (!header) return tl::unexpected(header.error());
  if (auto within = check_limits(header->width, header->height, limits); !within) {
    return tl::unexpected(std::move(within.error()));
  }
  if (auto few = check_frames(header->frames, limits); !few) return tl::unexpected(few.error());
  StoredPixels stored = header->stored;
  stored.file_bytes = bytes.size();
  return ImageInfo{.format = *format,
                   .width = header->width,
                   .height = header->height,
                   .orientation = header->orientation,
                   .frames = header->frames,
                   .alpha = header->alpha,
                   .jpeg_subsampling = header->jpeg_subsampling,
                   .transcodable = header->transcodable,
                   .stored = stored};
}

Size upright_size(const ImageInfo& info) {
  const Size stored{info.width, info.height};
  return info.orientation < Orientation::transposed ? stored : Size{stored.height, stored.width};
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
