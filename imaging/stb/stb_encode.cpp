#include "imaging/stb/stb_encode.hpp"

#include <limits>
#include <new>
#include <span>
#include <string>
#include <utility>

#include <stb_image_write.h>

#include "imaging/limits.hpp"
#include "imaging/pixels/flatten.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t longest_jpeg_side = 65'535;

/// Collects what stb_image_write gives out. An exception must not pass through its C code, so want
/// of memory is noted.
struct Output {
  EncodedImage bytes;
  bool out_of_memory = false;
};

void append(void* context, void* data, int size) {
  auto& output = *static_cast<Output*>(context);
  if (output.out_of_memory) return;
  const std::span piece(static_cast<const std::byte*>(data), static_cast<std::size_t>(size));
  try {
    output.bytes.insert(output.bytes.end(), piece.begin(), piece.end());
  } catch (const std::bad_alloc&) {
    output.out_of_memory = true;
  }
}

tl::expected<EncodedImage, Error> finish(Output output, int succeeded) {
  // stb_image_write fails only for want of memory once size and layout are right.
  if (output.out_of_memory || succeeded == 0) return out_of_memory();
  return std::move(output.bytes);
}

tl::expected<void, Error> check_jpeg_options(const Frame& frame, int quality) {
  if (quality < 1 || quality > 100) {
    return refuse(ErrorCode::encode_failed, "The JPEG quality must be from 1 to 100, and is " +
                                                std::to_string(quality) + ".");
  }
  if (frame.width() > longest_jpeg_side || frame.height() > longest_jpeg_side) {
    return refuse(ErrorCode::encode_failed,
                  "A JPEG file cannot be larger than 65535 pixels on a side; this picture is " +
                      size_text(frame.width(), frame.height()) + ".");
  }
  return {};
}

tl::expected<EncodedImage, Error> encode_jpeg(const Frame& frame, const EncodeOptions& options) {
  if (auto checked = check_jpeg_options(frame, options.quality); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  FramePtr flat;
  if (has_alpha(frame.layout())) flat = flatten(frame, options.background);
  const Frame& opaque = flat ? *flat : frame;
  Output output;
  const int done = stbi_write_jpg_to_func(
      append, &output, static_cast<int>(opaque.width()), static_cast<int>(opaque.height()),
      static_cast<int>(channels(opaque.layout())), opaque.samples().data(), options.quality);
  return finish(std::move(output), done);
}

tl::expected<EncodedImage, Error> encode_png(const Frame& frame) {
  Output output;
  constexpr int tightly_packed = 0;
  const int done = stbi_write_png_to_func(
      append, &output, static_cast<int>(frame.width()), static_cast<int>(frame.height()),
      static_cast<int>(channels(frame.layout())), frame.samples().data(), tightly_packed);
  return finish(std::move(output), done);
}

}  // namespace

tl::expected<EncodedImage, Error> stb_encode(const Frame& frame, const EncodeOptions& options) {
  // Its buffers are counted in int, and the PNG writer's are doubled while they grow.
  constexpr std::size_t most_bytes = std::numeric_limits<int>::max() / 4;
  if (frame.samples().size() > most_bytes) {
    return refuse(ErrorCode::encode_failed,
                  "A picture of " + size_text(frame.width(), frame.height()) +
                      " pixels is too large to be encoded; ask for a smaller one.");
  }
  try {
    switch (options.format) {
      case jobs::OutputFormat::png:
        return encode_png(frame);
      case jobs::OutputFormat::jpeg:
        return encode_jpeg(frame, options);
      case jobs::OutputFormat::webp:
      case jobs::OutputFormat::avif:
      case jobs::OutputFormat::automatic:
        break;
    }
    return refuse(ErrorCode::encode_failed,
                  "imaging.backend = \"stb\" writes JPEG and PNG files only.");
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace darkroom::imaging
