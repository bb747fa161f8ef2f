#include "imaging/heif/heic_decoder.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <libheif/heif.h>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/formats/heif_file.hpp"
#include "imaging/heif/finish_frame.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

// heif_init is never called: that is what loads decoders from folders and from the environment.
// The ones that are built in need it not.

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Context = std::unique_ptr<heif_context, Release<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Release<heif_image_handle_release>>;
using Image = std::unique_ptr<heif_image, Release<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Release<heif_decoding_options_free>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, Release<heif_nclx_color_profile_free>>;

Refusal refusal(const heif_error& error) {
  if (error.code == heif_error_Memory_allocation_error) {
    if (error.subcode == heif_suberror_Security_limit_exceeded) {
      return corrupt("the HEIC file tells two different sizes");
    }
    return out_of_memory();
  }
  const bool unknown =
      error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype;
  if (unknown) return unsupported("a HEIC picture of a rare kind");
  return corrupt("the HEIC data cannot be decoded (" + std::string(error.message) + ")");
}

bool failed(const heif_error& error) {
  return error.code != heif_error_Ok;
}

tl::expected<Handle, Error> open(heif_context* context, std::span<const std::byte> file,
                                 const HeifPicture& picture) {
  constexpr int in_this_thread = 0;
  heif_context_set_max_decoding_threads(context, in_this_thread);
  constexpr std::uint32_t largest_tile = 4'096;
  const auto side = std::max({picture.coded.width, picture.coded.height, largest_tile});
  heif_context_set_maximum_image_size_limit(context, static_cast<int>(side));
  const auto read =
      heif_context_read_from_memory_without_copy(context, file.data(), file.size(), nullptr);
  if (failed(read)) return refusal(read);
  heif_image_handle* handle = nullptr;
  const auto found = heif_context_get_primary_image_handle(context, &handle);
  Handle owner(handle);
  if (failed(found)) return refusal(found);
  return owner;
}

/// As it is coded, not turned and not cropped; in RGB, which libheif 1.15 always goes through.
tl::expected<Image, Error> decode(const heif_image_handle* handle, PixelLayout layout) {
  const Options options(heif_decoding_options_alloc());
  if (options == nullptr) throw std::bad_alloc();
  options->ignore_transformations = 1;
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;
  heif_image* image = nullptr;
  const auto decoded = heif_decode_image(
      handle, &image, heif_colorspace_RGB,
      layout == PixelLayout::rgba ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
      options.get());
  Image owner(image);
  if (failed(decoded)) return refusal(decoded);
  // A tile that could not be decoded is a warning to libheif, and a grey square to the viewer.
  if (heif_image_get_decoding_warnings(owner.get(), 0, nullptr, 0) > 0) {
    return corrupt("a part of the HEIC data cannot be decoded");
  }
  return owner;
}

tl::expected<FramePtr, Error> frame_of(const heif_image* image, PixelLayout layout, Size size) {
  int stride = 0;
  const std::uint8_t* from =
      heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
  const bool right_size =
      heif_image_get_width(image, heif_channel_interleaved) == static_cast<int>(size.width) &&
      heif_image_get_height(image, heif_channel_interleaved) == static_cast<int>(size.height);
  if (from == nullptr || !right_size) return corrupt("the HEIC file tells two different sizes");
  auto frame = PlaneBuffer::tight(size.width, size.height, channels(layout));
  for (std::uint32_t y = 0; y < size.height; ++y, from += stride)
    std::copy_n(from, frame.view().stride, frame.row(y));
  return std::make_shared<const Frame>(layout, std::move(frame));
}

tl::expected<std::vector<std::byte>, Error> named_profile(const heif_image_handle* handle) {
  heif_color_profile_nclx* found = nullptr;
  const auto result = heif_image_handle_get_nclx_color_profile(handle, &found);
  const Nclx nclx(found);
  if (failed(result) || nclx == nullptr) return std::vector<std::byte>{};
  if (is_high_dynamic_range(static_cast<std::uint16_t>(nclx->transfer_characteristics))) {
    return unsupported("a picture of high dynamic range (PQ or HLG)");
  }
  return profile_of_primaries(static_cast<std::uint16_t>(nclx->color_primaries));
}

/// The embedded one, or one of the primaries that the file names.
tl::expected<std::vector<std::byte>, Error> profile_of(const heif_image_handle* handle) {
  std::vector<std::byte> profile(heif_image_handle_get_raw_color_profile_size(handle));
  const bool embedded =
      !profile.empty() && !failed(heif_image_handle_get_raw_color_profile(handle, profile.data()));
  if (!embedded) return named_profile(handle);
  return profile;
}

std::optional<std::string> copyright_of(const heif_image_handle* handle) {
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1) {
    return std::nullopt;
  }
  std::vector<std::byte> block(heif_image_handle_get_metadata_size(handle, id));
  if (block.empty() || failed(heif_image_handle_get_metadata(handle, id, block.data()))) {
    return std::nullopt;
  }
  // It begins with how many bytes lie between here and the TIFF header.
  constexpr std::size_t length_bytes = 4;
  const std::size_t start = std::size_t{ByteReader(block).u32_be()} + length_bytes;
  if (start >= block.size()) return std::nullopt;
  return exif_copyright(std::span<const std::byte>(block).subspan(start));
}

}  // namespace

tl::expected<Picture, Error> decode_heic(std::span<const std::byte> file,
                                         const ImageInfo& /*info*/) {
  const auto picture = parse_heif(file);
  if (!picture) return tl::unexpected(picture.error());
  const Context context(heif_context_alloc());
  if (context == nullptr) throw std::bad_alloc();
  const auto handle = open(context.get(), file, *picture);
  if (!handle) return tl::unexpected(handle.error());
  const bool alpha = heif_image_handle_has_alpha_channel(handle->get()) != 0;
  if (alpha && heif_image_handle_is_premultiplied_alpha(handle->get()) != 0) {
    return unsupported("a HEIC picture whose colours are multiplied by its alpha");
  }
  const auto profile = profile_of(handle->get());
  if (!profile) return tl::unexpected(profile.error());
  const auto layout = alpha ? PixelLayout::rgba : PixelLayout::rgb;
  const auto image = decode(handle->get(), layout);
  if (!image) return tl::unexpected(image.error());
  auto frame = frame_of(image->get(), layout, picture->coded);
  if (!frame) return tl::unexpected(std::move(frame.error()));
  Picture result = picture_of(finish_frame(std::move(*frame), *picture, *profile));
  result.copyright = copyright_of(handle->get());
  return result;
}

}  // namespace darkroom::imaging
