#include "imaging/stb/stb_decode.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <stb_image.h>

#include "imaging/formats/bmp_file.hpp"
#include "imaging/formats/gif_file.hpp"
#include "imaging/formats/hdr_file.hpp"
#include "imaging/formats/jpeg_file.hpp"
#include "imaging/formats/png_file.hpp"
#include "imaging/formats/pnm_file.hpp"
#include "imaging/formats/psd_file.hpp"
#include "imaging/formats/tga_file.hpp"
#include "imaging/limits.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/pixels/orientation.hpp"
#include "imaging/refusal.hpp"
#include "imaging/stb/jpeg_feeder.hpp"
#include "jobs/enum_names.hpp"

namespace darkroom::imaging {
namespace {

/// stb_image counts bytes in int.
constexpr std::uint64_t most_bytes = std::numeric_limits<int>::max();

constexpr auto display_names = jobs::enum_names<InputFormat>(
    "JPEG", "PNG", "GIF", "BMP", "PSD", "TGA", "PNM", "HDR", "WebP", "AVIF", "HEIC");

struct FreeStbPixels {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

/// What stb_image gave: none where it failed.
struct StbPicture {
  std::unique_ptr<stbi_uc, FreeStbPixels> samples;
  int width = 0;
  int height = 0;
  int channels = 0;
};

/// `wanted_channels` 0: as many as the file has.
StbPicture load(std::span<const std::byte> file, int wanted_channels) {
  StbPicture picture;
  picture.samples.reset(stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(file.data()),
                                              static_cast<int>(file.size()), &picture.width,
                                              &picture.height, &picture.channels, wanted_channels));
  if (wanted_channels != 0) picture.channels = wanted_channels;
  return picture;
}

StbPicture load_jpeg(JpegFeeder& feeder) {
  stbi_io_callbacks callbacks{};
  callbacks.read = [](void* user, char* data, int size) {
    const std::span out(reinterpret_cast<std::byte*>(data), static_cast<std::size_t>(size));
    return static_cast<int>(static_cast<JpegFeeder*>(user)->read(out));
  };
  callbacks.skip = [](void* user, int count) {
    if (count > 0) static_cast<JpegFeeder*>(user)->skip(static_cast<std::size_t>(count));
  };
  callbacks.eof = [](void* user) { return static_cast<JpegFeeder*>(user)->at_end() ? 1 : 0; };
  StbPicture picture;
  picture.samples.reset(stbi_load_from_callbacks(&callbacks, &feeder, &picture.width,
                                                 &picture.height, &picture.channels, 0));
  return picture;
}

/// The reason is kept per thread by stb_image.
Refusal decoder_refusal(InputFormat format) {
  const char* reason = stbi_failure_reason();
  const std::string_view words = reason == nullptr ? "no reason given" : reason;
  if (words == "outofmem") return out_of_memory();
  return corrupt("the " + std::string(display_names.name(format)) + " data cannot be decoded (" +
                 std::string(words) + ")");
}

tl::expected<FramePtr, Error> to_frame(const StbPicture& picture, const ImageInfo& info) {
  if (picture.samples == nullptr) return decoder_refusal(info.format);
  const auto width = static_cast<std::uint32_t>(picture.width);
  const auto height = static_cast<std::uint32_t>(picture.height);
  if (width != info.width || height != info.height) {
    return corrupt("its header and its data tell different sizes");
  }
  const auto layout = static_cast<PixelLayout>(picture.channels - 1);
  auto samples = PlaneBuffer::tight(width, height, channels(layout));
  std::copy_n(picture.samples.get(), std::size_t{width} * height * channels(layout),
              samples.row(0));
  auto frame = std::make_shared<const Frame>(layout, std::move(samples));
  if (has_alpha(layout) && is_opaque(frame->samples(), layout)) frame = drop_alpha(*frame);
  return make_upright(std::move(frame), info.orientation);
}

tl::expected<FramePtr, Error> decode_jpeg(std::span<const std::byte> file, const ImageInfo& info) {
  const auto scan_ends = check_jpeg(file);
  if (!scan_ends) return tl::unexpected(scan_ends.error());
  JpegFeeder feeder(file, *scan_ends);
  const StbPicture picture = load_jpeg(feeder);
  if (picture.samples == nullptr && feeder.failed_at_scan_end()) return cut_off("JPEG");
  return to_frame(picture, info);
}

tl::expected<FramePtr, Error> decode_png(std::span<const std::byte> file, const ImageInfo& info) {
  if (auto checked = check_png(file); !checked) return tl::unexpected(std::move(checked.error()));
  const auto copy = with_full_palette(file);
  return to_frame(load(copy ? std::span<const std::byte>(*copy) : file, 0), info);
}

tl::expected<FramePtr, Error> decode_tga(std::span<const std::byte> file, const ImageInfo& info) {
  if (auto checked = check_tga(file); !checked) return tl::unexpected(std::move(checked.error()));
  return to_frame(load(file, has_meaningless_alpha(file) ? STBI_rgb : 0), info);
}

tl::expected<FramePtr, Error> decode_checked(std::span<const std::byte> file, const ImageInfo& info,
                                             tl::expected<void, Error> checked) {
  if (!checked) return tl::unexpected(std::move(checked.error()));
  return to_frame(load(file, 0), info);
}

/// stb_image multiplies the sizes of its buffers in int, and refuses what does not fit.
tl::expected<void, Error> check_decoder_limits(std::span<const std::byte> file,
                                               const ImageInfo& info) {
  if (file.size() > most_bytes) return unsupported("a file of more than 2 GiB");
  const std::uint64_t bytes_per_pixel = info.format == InputFormat::hdr ? 3 * sizeof(float) : 8;
  if (std::uint64_t{info.width} * info.height > most_bytes / bytes_per_pixel) {
    return refuse(ErrorCode::too_many_pixels, "The image is too large: decoding " +
                                                  size_text(info.width, info.height) +
                                                  " pixels of this format takes more than 2 GiB.");
  }
  return {};
}

tl::expected<FramePtr, Error> decode(std::span<const std::byte> file, const ImageInfo& info) {
  if (auto within = check_decoder_limits(file, info); !within) {
    return tl::unexpected(std::move(within.error()));
  }
  switch (info.format) {
    case InputFormat::jpeg:
      return decode_jpeg(file, info);
    case InputFormat::png:
      return decode_png(file, info);
    case InputFormat::gif:
      return decode_checked(file, info, check_gif(file));
    case InputFormat::bmp:
      return decode_checked(file, info, check_bmp(file));
    case InputFormat::psd:
      return decode_checked(file, info, check_psd(file));
    case InputFormat::tga:
      return decode_tga(file, info);
    case InputFormat::pnm:
      return decode_pnm(file);
    case InputFormat::hdr:
      return decode_checked(file, info, check_hdr(file));
    case InputFormat::webp:
    case InputFormat::avif:
    case InputFormat::heic:
      return refuse(ErrorCode::unsupported,
                    "This format cannot be decoded with imaging.backend = \"stb\".");
  }
  return unsupported("of an unknown format");
}

}  // namespace

tl::expected<FramePtr, Error> stb_decode(std::span<const std::byte> file, const Limits& limits) {
  const auto info = probe(file, limits);
  if (!info) return tl::unexpected(info.error());
  try {
    return decode(file, *info);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace darkroom::imaging
